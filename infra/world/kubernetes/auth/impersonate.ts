import type { User } from '../objects.ts';
import { badRequest, StatusError } from '../status.ts';
import { type AuthCluster, quoted } from './authCluster.ts';
import { accessDenied, atTheDoor, authorize } from './authorize.ts';
import type { Attributes, ResourceAttributes } from './rules.ts';
import { groupsOf, nodeOf, serviceAccountOf } from './serviceAccountUser.ts';

type Headers = Readonly<Record<string, string>>;

/** One way to be let act as another. Of what is `on`, only what is asked may be done in that name. */
interface Mode {
  name: string;
  suits(wanted: User, requester: User): boolean;
}

const authenticationGroup = 'authentication.k8s.io';
const extraPrefix = 'impersonate-extra-';

const hasNameOnly = ({ uid, groups, extra }: User): boolean =>
  !uid && groups.length === 0 && Object.keys(extra ?? {}).length === 0;

/** In the server's order. The first that lets him through decides as whom; the first refusal is what he is told. */
const modes: readonly (Mode | undefined)[] = [
  {
    name: 'associated-node',
    suits: (wanted, requester) => {
      const node = nodeOf(wanted.name);
      const own = requester.extra?.['authentication.kubernetes.io/node-name'];
      return (
        hasNameOnly(wanted) &&
        node !== undefined &&
        serviceAccountOf(requester.name) !== undefined &&
        own?.length === 1 &&
        own[0] === node
      );
    },
  },
  { name: 'arbitrary-node', suits: (wanted) => hasNameOnly(wanted) && nodeOf(wanted.name) !== undefined },
  {
    name: 'serviceaccount',
    suits: (wanted) => hasNameOnly(wanted) && serviceAccountOf(wanted.name) !== undefined,
  },
  {
    name: 'user-info',
    suits: (wanted) => nodeOf(wanted.name) === undefined && serviceAccountOf(wanted.name) === undefined,
  },
  // Since ever: the verb `impersonate` on each thing that is taken on, for whatever is then done.
  undefined,
];

/** By requester, the mode that let him through last: it is tried first. */
const lastModes = new WeakMap<AuthCluster, Map<string, Mode | undefined>>();

/** Whom the request is to count as: the requester, or whom its headers name if he may act as them. */
export function impersonate(
  cluster: AuthCluster,
  requester: User,
  headers: Headers,
  asked: Attributes,
): User {
  const wanted = wantedUser(headers);
  if (!wanted) return requester;
  const known = lastModes.get(cluster) ?? new Map<string, Mode | undefined>();
  lastModes.set(cluster, known);
  const first = known.has(requester.name) ? [known.get(requester.name)] : [];

  let refusal: StatusError | undefined;
  for (const mode of new Set([...first, ...modes])) {
    if (mode && !mode.suits(wanted, requester)) continue;
    try {
      const user = acting(cluster, requester, wanted, mode, asked);
      known.set(requester.name, mode);
      return user;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function wantedUser(headers: Headers): User | undefined {
  const values = (header: string) => headers[header]?.split('\n') ?? [];
  const name = values('impersonate-user')[0] ?? '';
  const uid = values('impersonate-uid')[0] ?? '';
  const groups = values('impersonate-group');
  const extra: Record<string, string[]> = {};
  for (const header of Object.keys(headers).filter((each) => each.startsWith(extraPrefix))) {
    const key = unescaped(header.slice(extraPrefix.length));
    extra[key] = [...(extra[key] ?? []), ...values(header)];
  }
  const wanted: User = { name, groups, extra, ...(uid ? { uid } : {}) };
  if (name) return wanted;
  if (hasNameOnly(wanted)) return undefined;
  throw atTheDoor(badRequest(`requested ${inGo(wanted)} without impersonating a user name`));
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The server prints the structure itself. */
function inGo({ name, uid = '', groups, extra = {} }: User): string {
  const list = (texts: string[]) => `[]string{${texts.map(quoted).join(', ')}}`;
  const keys = Object.keys(extra).sort();
  const map = keys.map((key) => `${quoted(key)}:${list(extra[key]!)}`).join(', ');
  const of = groups.length > 0 ? list(groups) : '[]string(nil)';
  const more = keys.length > 0 ? `map[string][]string{${map}}` : 'map[string][]string(nil)';
  return `&user.DefaultInfo{Name:${quoted(name)}, UID:${quoted(uid)}, Groups:${of}, Extra:${more}}`;
}

/** The user that results; throws where the requester lacks a right that it takes. */
function acting(
  cluster: AuthCluster,
  requester: User,
  wanted: User,
  mode: Mode | undefined,
  asked: Attributes,
): User {
  const verb = mode ? `impersonate:${mode.name}` : 'impersonate';
  const isConstrained = mode !== undefined;
  const require = (attributes: Attributes) => {
    const { allowed, reason } = authorize(cluster, requester, attributes);
    if (!allowed) throw accessDenied(requester, attributes, reason);
  };
  const refuse = (attributes: Attributes, reason: string) => {
    throw accessDenied(requester, attributes, reason);
  };
  if (mode) require({ ...asked, verb: `impersonate-on:${mode.name}:${asked.verb}` });

  const group = isConstrained ? authenticationGroup : '';
  const account = serviceAccountOf(wanted.name);
  const node = isConstrained ? nodeOf(wanted.name) : undefined;
  const own: ResourceAttributes = { verb, group, resource: 'users', name: wanted.name };
  if (node !== undefined) {
    // The right to be one's own node is asked for all nodes.
    Object.assign(own, { resource: 'nodes', name: mode?.name === 'associated-node' ? '*' : node });
  } else if (account) Object.assign(own, { resource: 'serviceaccounts', ...account });
  require(own);

  if (wanted.uid) require({ verb, group: authenticationGroup, resource: 'uids', name: wanted.uid });

  const groups: ResourceAttributes = { verb, group, resource: 'groups' };
  if (isConstrained && wanted.groups.includes('')) {
    refuse(groups, 'impersonating the empty string group is not allowed');
  }
  if (isConstrained && wanted.groups.includes('system:masters')) {
    refuse({ ...groups, name: 'system:masters' }, 'impersonating the system:masters group is not allowed');
  }
  for (const name of wanted.groups) require({ ...groups, name });

  const extra: ResourceAttributes = { verb, group: authenticationGroup, resource: 'userextras' };
  const extras = Object.entries(wanted.extra ?? {});
  for (const [key, values] of isConstrained ? extras : []) {
    if (!/^[^/]+\/./.test(key)) {
      const fault = `Invalid value: ${quoted(key)}: must be a domain-prefixed path (such as "acme.io/foo")`;
      refuse(extra, `impersonating an invalid key in extra is not allowed: extra.key: ${fault}`);
    }
    if (values.includes('')) refuse(extra, 'impersonating the empty string value in extra is not allowed');
  }
  for (const [key, values] of extras) {
    for (const name of values) require({ ...extra, subresource: key, name });
  }
  return marked({ ...wanted, groups: groupsTaken(wanted, account?.namespace, node) });
}

function groupsTaken(wanted: User, namespace: string | undefined, node: string | undefined): string[] {
  if (node !== undefined) return ['system:nodes'];
  return namespace !== undefined && wanted.groups.length === 0 ? groupsOf(namespace) : wanted.groups;
}

function marked(user: User): User {
  const unknown = 'system:unauthenticated';
  if (user.groups.includes(unknown)) return user;
  const mark = user.name === 'system:anonymous' ? unknown : 'system:authenticated';
  return user.groups.includes(mark) ? user : { ...user, groups: [...user.groups, mark] };
}
