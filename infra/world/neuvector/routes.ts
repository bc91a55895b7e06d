import type { z } from 'zod';
import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import type { Login } from './accounts.ts';
import { empty, json, moved, refused } from './answers.ts';
import { notAllowed, Refusal, wrongFormat } from './codes.ts';
import type { Controller } from './controller.ts';
import { membership } from './federation/describe.ts';
import * as membershipOf from './federation/membership.ts';
import * as primary from './federation/primary.ts';
import { readGoJson } from './goJson.ts';
import { may, type Need } from './roles.ts';
import { isBefore } from './versions.ts';

export type ListenerName = 'rest' | 'federation';

/** A request on its way through the checks of its route. */
interface Call {
  readonly controller: Controller;
  readonly request: ApiRequest;
  readonly params: Readonly<Record<string, string>>;
  /** Of a route that needs no sign-in: nobody. */
  readonly login: Login;
}

interface Route {
  readonly method: string;
  /** `:name` stands for one part, `*name` for the rest. */
  readonly path: string;
  readonly needs: Need;
  /** What this cluster must be in its federation. */
  readonly role?: '' | 'master' | 'joint';
  /** No cleanup may be going on; then the lock is taken; both before anyone asks who sends the request. */
  readonly isGuarded?: 'lock' | 'cleanup';
  /** Nothing federal may be left over. */
  readonly isClean?: boolean;
  /** Only then is it this route that answers. */
  when?(controller: Controller): boolean;
  /** Without a value: success with nothing to tell. */
  answer(call: Call): unknown;
}

/** The route's answer is written as it is. */
class Whole {
  readonly answer: ApiAnswer;
  constructor(answer: ApiAnswer) {
    this.answer = answer;
  }
}

const taking =
  <Shape extends z.ZodRawShape>(
    schema: z.ZodObject<Shape>,
    use: (call: Call, body: z.infer<z.ZodObject<Shape>>) => unknown,
  ) =>
  (call: Call) =>
    use(call, readGoJson(call.request.body, schema));

const reading =
  (read: (data: Controller['data'], params: Call['params']) => object | undefined): Route['answer'] =>
  ({ controller, params }) => {
    const found = read(controller.data, params);
    if (!found) throw new Refusal(404, 7);
    return found;
  };

const read = (path: string, from: Parameters<typeof reading>[0]): Route => ({
  method: 'GET',
  path,
  needs: 'read',
  answer: reading(from),
});

/** As earlier exporters were written for it, and no real controller does. */
const directJoin: Route = {
  method: 'POST',
  path: '/v1/fed/join',
  needs: 'user',
  when: ({ settings, state }) => settings.acceptsDirectJoin && state.role === 'master',
  isGuarded: 'lock',
  answer: taking(membershipOf.joinRequest, ({ controller }, body) =>
    primary.acceptDirectly(controller, body),
  ),
};

const rest: readonly Route[] = [
  directJoin,
  {
    method: 'POST',
    path: '/v1/auth',
    needs: 'anyone',
    answer: ({ controller: { accounts, state }, request }) =>
      accounts.signIn(request.body, state.role === 'joint'),
  },
  { method: 'PATCH', path: '/v1/auth', needs: 'user', answer: () => undefined },
  {
    method: 'DELETE',
    path: '/v1/auth',
    needs: 'user',
    answer: ({ controller, login }) => login.session && controller.accounts.close(login.session),
  },
  {
    method: 'POST',
    path: '/v1/api_key',
    needs: 'admin',
    answer: ({ controller, request }) => controller.accounts.createKey(request.body),
  },
  {
    method: 'DELETE',
    path: '/v1/api_key/:name',
    needs: 'admin',
    answer: ({ controller, params }) => controller.accounts.removeKey(params.name!),
  },
  { method: 'GET', path: '/v1/eula', needs: 'anyone', answer: () => ({ eula: { accepted: true } }) },

  {
    method: 'GET',
    path: '/v1/fed/member',
    needs: 'member',
    answer({ controller }) {
      const seen = membership(controller);
      controller.pingSoon();
      return seen;
    },
  },
  {
    method: 'POST',
    path: '/v1/fed/promote',
    needs: 'admin',
    role: '',
    isGuarded: 'cleanup',
    isClean: true,
    answer: taking(primary.promoteRequest, ({ controller, login }, body) =>
      primary.promote(controller, login, body),
    ),
  },
  {
    method: 'POST',
    path: '/v1/fed/demote',
    needs: 'fedAdmin',
    role: 'master',
    isGuarded: 'lock',
    answer: ({ controller }) => primary.demote(controller),
  },
  {
    method: 'GET',
    path: '/v1/fed/join_token',
    needs: 'fedAdmin',
    role: 'master',
    answer: ({ controller, request }) =>
      primary.newJoinToken(controller, request.query.get('token_duration')),
  },
  {
    method: 'POST',
    path: '/v1/fed/join',
    needs: 'admin',
    role: '',
    isGuarded: 'cleanup',
    isClean: true,
    answer: taking(membershipOf.joinRequest, ({ controller, login }, body) =>
      membershipOf.join(controller, login, body),
    ),
  },
  {
    method: 'POST',
    path: '/v1/fed/leave',
    needs: 'admin',
    role: 'joint',
    isGuarded: 'lock',
    answer: taking(membershipOf.leaveRequest, ({ controller, login }, { force }) =>
      membershipOf.leave(controller, login, force),
    ),
  },
  {
    method: 'PATCH',
    path: '/v1/fed/config',
    needs: 'admin',
    isGuarded: 'lock',
    answer: taking(primary.configRequest, ({ controller, login }, body) =>
      primary.configure(controller, login, body),
    ),
  },
  {
    method: 'POST',
    path: '/v1/fed/deploy',
    needs: 'fedAdmin',
    role: 'master',
    answer: taking(primary.deployRequest, ({ controller }, body) => primary.deploy(controller, body)),
  },
  {
    method: 'GET',
    path: '/v1/fed/view/:id',
    needs: 'fedAdmin',
    role: 'master',
    answer: ({ controller, params }) => primary.isCompatible(controller, params.id!),
  },
  {
    method: 'DELETE',
    path: '/v1/fed/cluster/:id',
    needs: 'fedAdmin',
    role: 'master',
    isGuarded: 'lock',
    answer: ({ controller, params }) => primary.dismiss(controller, params.id!),
  },
  ...['GET', 'POST', 'PATCH', 'DELETE'].map(
    (method): Route => ({
      method,
      path: '/v1/fed/cluster/:id/*path',
      needs: 'fedRead',
      role: 'master',
      async answer({ controller, login, params, request: { query, body } }) {
        const path = `/${params.path}${query.size > 0 ? `?${query}` : ''}`;
        const told = await primary.forward(controller, login, params.id!, { method, path, body });
        return new Whole({ ...empty(told.status), body: told.body });
      },
    }),
  ),

  {
    method: 'POST',
    path: '/v1/fed/joint_test_internal',
    needs: 'anyone',
    answer({ controller }) {
      if (controller.state.role !== '') throw wrongFormat();
      return { result: 0 };
    },
  },
  {
    method: 'POST',
    path: '/v1/fed/ping_internal',
    needs: 'anyone',
    answer({ controller, request }) {
      if (controller.state.role !== 'joint') throw membershipOf.gone();
      return membershipOf.answerPing(controller, readGoJson(request.body, membershipOf.pingRequest));
    },
  },
  {
    method: 'POST',
    path: '/v1/fed_auth',
    needs: 'anyone',
    role: 'joint',
    answer: taking(membershipOf.authRequest, ({ controller }, body) =>
      membershipOf.openForPrimary(controller, body),
    ),
  },
  {
    method: 'POST',
    path: '/v1/fed/remove_internal',
    needs: 'admin',
    role: 'joint',
    isGuarded: 'lock',
    answer: ({ controller }) => controller.becomeStandalone(),
  },
  {
    method: 'POST',
    path: '/v1/fed/command_internal',
    needs: 'admin',
    role: 'joint',
    answer: taking(membershipOf.commandRequest, ({ controller }, body) =>
      membershipOf.obey(controller, body),
    ),
  },

  read('/v1/system/summary', (data) => ({ summary: data.summary })),
  read('/v1/conversation', (data) => data.conversations),
  read('/v1/enforcer', (data) => ({ enforcers: data.enforcers })),
  read('/v1/enforcer/:id/stats', (data, { id }) => data.statsOf('enforcer', id!)),
  read('/v1/controller', (data) => ({ controllers: data.controllers })),
  read('/v1/controller/:id/stats', (data, { id }) => data.statsOf('controller', id!)),
  read('/v1/host', (data) => ({ hosts: data.hosts })),
  read('/v1/debug/admission_stats', (data) => ({ stats: data.admission })),
  read('/v1/scan/registry', (data) => ({ summarys: data.registries })),
  read('/v1/scan/registry/:name/images', (data, { name }) => data.imagesOf(name!)),
  read('/v1/scan/platform', (data) => ({ platforms: data.platforms })),
  read('/v1/workload', (data) => ({ workloads: data.workloads })),
  read('/v1/log/threat', (data) => ({ threats: data.threats })),
  read('/v1/log/incident', (data) => ({ incidents: data.incidents })),
  read('/v1/log/violation', (data) => ({ violations: data.violations })),
];

const federation: readonly Route[] = [
  directJoin,
  {
    method: 'POST',
    path: '/v1/fed/join_internal',
    needs: 'anyone',
    role: 'master',
    isGuarded: 'lock',
    answer: taking(primary.joinInternalRequest, ({ controller }, body) => primary.accept(controller, body)),
  },
  {
    method: 'POST',
    path: '/v1/fed/poll_internal',
    needs: 'anyone',
    role: 'master',
    answer: taking(primary.pollRequest, ({ controller }, body) => primary.answerPoll(controller, body)),
  },
  {
    method: 'POST',
    path: '/v1/fed/leave_internal',
    needs: 'anyone',
    role: 'master',
    isGuarded: 'lock',
    answer: taking(primary.leaveInternalRequest, ({ controller }, body) => primary.release(controller, body)),
  },
  // What these two tell is in no source that was read: they are there, and take nothing.
  ...['scan_data_internal', 'csp_support_internal'].map(
    (name): Route => ({
      method: 'POST',
      path: `/v1/fed/${name}`,
      needs: 'anyone',
      role: 'master',
      answer() {
        throw wrongFormat();
      },
    }),
  ),
  {
    method: 'GET',
    path: '/v1/fed/healthcheck',
    needs: 'anyone',
    answer({ controller: { state, settings } }) {
      if (isBefore(settings.version, '5.1.0')) throw new Refusal(404, 1);
      return state.role === 'master' ? undefined : new Whole({ ...empty(503), headers: {} });
    },
  },
];

const tables = { rest: compiled(rest), federation: compiled(federation) };

function compiled(routes: readonly Route[]) {
  return routes.map((route) => {
    const source = route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.*)');
    return { route, pattern: new RegExp(`^${source}$`) };
  });
}

function find(listener: ListenerName, path: string) {
  return tables[listener].flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match ? [{ route, params: decoded(match.groups ?? {}) }] : [];
  });
}

const decoded = (groups: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, name === 'path' ? value : safelyDecoded(value)]),
  );

function safelyDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export async function respond(
  controller: Controller,
  listener: ListenerName,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const { method, path, query } = request;
  const found = find(listener, path).filter(({ route }) => route.when?.(controller) ?? true);
  if (found.length === 0) {
    const without = path.replace(/\/$/, '');
    if (without !== path && find(listener, without).some(({ route }) => route.method === method))
      return moved(method, query.size > 0 ? `${without}?${query}` : without);
    return refused(new Refusal(404, 1));
  }
  const matching = found.find(({ route }) => route.method === method);
  if (!matching) return refused(new Refusal(405, 2));
  const { route, params } = matching;
  try {
    const answer = await checked(controller, route, request, params);
    if (answer instanceof Whole) return answer.answer;
    return answer === undefined ? empty() : json(answer);
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

const nobody: Login = { fullname: '', role: '' };

/** The checks in the order in which a controller does them. */
async function checked(
  controller: Controller,
  route: Route,
  request: ApiRequest,
  params: Call['params'],
): Promise<unknown> {
  const { needs, role, isGuarded, isClean } = route;
  const { accounts, settings, lock } = controller;
  if (isGuarded === 'cleanup' && controller.isCleaningUp)
    throw new Refusal(400, 4, 'Federate rules cleanup is still ongoing. Please try again later.');
  const rest = async () => {
    const login = needs === 'anyone' ? nobody : accounts.authenticate(request.headers);
    if (!may(login.role, needs)) throw new Refusal(403, 25);
    if (role !== undefined && controller.state.role !== role) throw notAllowed();
    if (isClean && settings.leftovers.length > 0) throw new Refusal(428, 4, settings.leftovers.join(','));
    return await route.answer({ controller, request, params, login });
  };
  return isGuarded ? await lock.hold(rest) : await rest();
}
