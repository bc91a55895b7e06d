import type { z } from 'zod';
import { empty } from './answers.ts';
import { Refusal, wrongFormat } from './codes.ts';
import type { Controller } from './controller.ts';
import * as acceptance from './federation/accept.ts';
import * as commands from './federation/commands.ts';
import * as configuring from './federation/configure.ts';
import { membership } from './federation/describe.ts';
import * as membershipOf from './federation/membership.ts';
import * as primary from './federation/primary.ts';
import { readGoJson } from './goJson.ts';
import { type Call, type Route, Whole } from './route.ts';
import { isBefore } from './versions.ts';

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
    acceptance.acceptDirectly(controller, body),
  ),
};

export const rest: readonly Route[] = [
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
    answer: taking(configuring.configRequest, ({ controller, login }, body) =>
      configuring.configure(controller, login, body),
    ),
  },
  {
    method: 'POST',
    path: '/v1/fed/deploy',
    needs: 'fedAdmin',
    role: 'master',
    answer: taking(commands.deployRequest, ({ controller }, body) => commands.deploy(controller, body)),
  },
  {
    method: 'GET',
    path: '/v1/fed/view/:id',
    needs: 'fedAdmin',
    role: 'master',
    answer: ({ controller, params }) => commands.isCompatible(controller, params.id!),
  },
  {
    method: 'DELETE',
    path: '/v1/fed/cluster/:id',
    needs: 'fedAdmin',
    role: 'master',
    isGuarded: 'lock',
    answer: ({ controller, params }) => commands.dismiss(controller, params.id!),
  },
  ...['GET', 'POST', 'PATCH', 'DELETE'].map(
    (method): Route => ({
      method,
      path: '/v1/fed/cluster/:id/*path',
      needs: 'fedRead',
      role: 'master',
      async answer({ controller, login, params, request: { query, body } }) {
        const path = `/${params.path}${query.size > 0 ? `?${query}` : ''}`;
        const told = await commands.forward(controller, login, params.id!, { method, path, body });
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

export const federation: readonly Route[] = [
  directJoin,
  {
    method: 'POST',
    path: '/v1/fed/join_internal',
    needs: 'anyone',
    role: 'master',
    isGuarded: 'lock',
    answer: taking(acceptance.joinInternalRequest, ({ controller }, body) =>
      acceptance.accept(controller, body),
    ),
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
