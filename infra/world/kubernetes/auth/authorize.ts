import type { User } from '../objects.ts';
import { forbidden, type StatusError } from '../status.ts';
import { type AuthCluster, quoted } from './authCluster.ts';
import { aggregated, type Found, faultsOf, resolverOf } from './ruleResolver.ts';
import { type Attributes, allows } from './rules.ts';

export interface Verdict {
  allowed: boolean;
  /** The binding that allows it, or the bindings that are broken; empty when there is nothing to say. */
  reason: string;
}

/** The group that may do anything, whatever roles there are. */
export const isPrivileged = (user: User): boolean => user.groups.includes('system:masters');

/** Whether the stored roles and bindings let a user do it. */
export function authorize(cluster: AuthCluster, user: User, asked: Attributes): Verdict {
  if (isPrivileged(user)) return { allowed: true, reason: '' };
  const namespace = 'path' in asked ? '' : asked.namespace;
  const missing: Found[] = [];
  for (const found of resolverOf(cluster.objects).of(user, namespace)) {
    if ('missing' in found) missing.push(found);
    else if (allows(found.rule, asked)) {
      return { allowed: true, reason: `RBAC: allowed by ${found.source()}` };
    }
  }
  const faults = faultsOf(missing);
  return { allowed: false, reason: faults.length > 0 ? `rbac: RBAC: ${aggregated(faults)}` : '' };
}

/** Throws the 403 that names who may not do what. */
export function requireAccess(cluster: AuthCluster, user: User, asked: Attributes): void {
  const { allowed, reason } = authorize(cluster, user, asked);
  if (!allowed) throw accessDenied(user, asked, reason);
}

export const accessDenied = (user: User, asked: Attributes, reason: string): StatusError =>
  atTheDoor(denial(user, asked, reason));

/** What refuses a request before anyone looks at what it asks for: browsers must not guess what kind of answer it is. */
export function atTheDoor(refusal: StatusError): StatusError {
  refusal.headers['x-content-type-options'] = 'nosniff';
  return refusal;
}

function denial(user: User, asked: Attributes, reason: string): StatusError {
  const why = reason ? `: ${reason}` : '';
  const who = `User ${quoted(user.name)} cannot ${asked.verb}`;
  if ('path' in asked) {
    return forbidden(
      { group: '', name: '' },
      '',
      escaped(`${who} path ${quoted(asked.path)}`) + why,
      unsniffed,
    );
  }
  const { group, resource, subresource, namespace, name = '' } = asked;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${quoted(namespace)}` : 'at the cluster scope';
  const sentence = `${who} resource ${quoted(what)} in API group ${quoted(group)} ${where}`;
  return forbidden({ group, name: resource }, name, escaped(sentence) + why, unsniffed);
}

/** What is quoted comes from the request. */
const unsniffed = { 'x-content-type-options': 'nosniff' };

/** The server keeps its refusals from being read as HTML. */
const escaped = (sentence: string): string =>
  sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
