import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import type { Login } from './accounts.ts';
import { empty, json, moved, refused } from './answers.ts';
import { notAllowed, Refusal } from './codes.ts';
import type { Controller } from './controller.ts';
import { may } from './roles.ts';
import { type Call, type ListenerName, type Route, Whole } from './route.ts';
import { federation, rest } from './routes.ts';

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
