import type { ApiAnswer, ApiRequest } from '../api.ts';
import type { Credentials } from '../auth/index.ts';
import type { Kinds } from '../kinds/kinds.ts';
import { methodNotAllowed, noSuchPath } from '../status.ts';
import { aggregated } from './aggregated.ts';
import { answer, pageNotFound } from './answers.ts';
import { health } from './health.ts';
import { configuration, keys } from './issuer.ts';
import { group, groupList, resourceList, versions } from './lists.ts';
import { type Form, formOf, requireRoute, types } from './negotiation.ts';
import { openapi } from './openapi.ts';
import { root as rootOf } from './root.ts';

export interface Described {
  /** `/version`. */
  version: Readonly<Record<string, string>>;
  /** `host:port` that clients are told. */
  address: string;
  credentials: Pick<Credentials, 'serviceAccountKey'>;
}

/** What a cluster says of itself; undefined where the path is another's business. */
export function discovery(kinds: Kinds, request: ApiRequest, cluster: Described): ApiAnswer | undefined {
  const [root, ...rest] = request.path.slice(1).split('/') as [string, ...string[]];
  switch (root) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return health(root, rest.length > 0 ? rest.join('/') : undefined, request.query);
    case 'openapi':
      return openapi(kinds, rest, request);
    case '.well-known':
      return rest.join('/') === 'openid-configuration' ? configuration(request, cluster.address) : undefined;
    case 'openid':
      return rest.join('/') === 'v1/jwks' ? keys(request, cluster.credentials.serviceAccountKey) : undefined;
    case '':
      return rest.length === 0 ? answer(rootOf(kinds.groups()), { isYaml: false }) : undefined;
    case 'version':
    case 'api':
    case 'apis':
      return documents(kinds, root, rest.at(-1) === '' ? rest.slice(0, -1) : rest, request, cluster);
    default:
      return undefined;
  }
}

function documents(
  kinds: Kinds,
  root: 'version' | 'api' | 'apis',
  rest: readonly string[],
  request: ApiRequest,
  cluster: Described,
): ApiAnswer | undefined {
  const depth = { version: 0, api: 1, apis: 2 }[root];
  if (rest.length > depth) return undefined;
  const isList = root === 'apis' && rest.length < depth;
  if (request.method !== 'GET' && !isList) throw methodNotAllowed();
  const { accept } = request.headers;
  const { version, address } = cluster;
  if (root === 'version') {
    requireRoute(accept, ['application/json']);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(version, null, 2),
    };
  }
  if (!isList) requireRoute(accept, types);
  const form = formOf(accept, rest.length === 0);
  if (root === 'api') {
    if (rest[0] !== undefined) return resources(kinds, '', rest[0], form);
    if (!form.isAggregated) return answer(versions(address), form);
    return aggregated(request, { groups: [{ name: '', versions: ['v1'] }], kinds });
  }
  const [name, asked] = rest;
  const groups = kinds.groups();
  if (name === undefined)
    return form.isAggregated ? aggregated(request, { groups, kinds }) : answer(groupList(groups), form);
  const found = groups.find((group) => group.name === name);
  if (!found) return pageNotFound;
  if (asked === undefined) return answer({ kind: 'APIGroup', apiVersion: 'v1', ...group(found) }, form);
  return resources(kinds, name, asked, form);
}

function resources(kinds: Kinds, group: string, version: string, form: Form): ApiAnswer {
  const all = kinds.in(group, version);
  if (all.length === 0) {
    if (kinds.isBuiltIn(group)) throw noSuchPath();
    return pageNotFound;
  }
  return answer(resourceList(all), form);
}
