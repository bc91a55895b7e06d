import type { User } from '../objects.ts';

const prefix = 'system:serviceaccount:';
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const userNameOf = (namespace: string, name: string): string => `${prefix}${namespace}:${name}`;

export const groupsOf = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

export function serviceAccountUser(
  namespace: string,
  name: string,
  uid: string,
  extra: Record<string, string[]> = {},
): User {
  return { name: userNameOf(namespace, name), uid, groups: groupsOf(namespace), extra };
}

/** The service account that a user name stands for, if it does. */
export function serviceAccountOf(userName: string): { namespace: string; name: string } | undefined {
  if (!userName.startsWith(prefix)) return undefined;
  const [namespace = '', name = '', ...rest] = userName.slice(prefix.length).split(':');
  return rest.length === 0 && label.test(namespace) && name.length <= 253 && subdomain.test(name)
    ? { namespace, name }
    : undefined;
}

/** The node that a user name stands for, if it does. */
export function nodeOf(userName: string): string | undefined {
  const name = userName.startsWith('system:node:') ? userName.slice('system:node:'.length) : '';
  return name.length <= 253 && subdomain.test(name) ? name : undefined;
}
