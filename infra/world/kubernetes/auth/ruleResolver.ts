import type { StoredObject, User } from '../objects.ts';
import type { Named } from '../status.ts';
import { quoted, type StoredObjects } from './authCluster.ts';
import type { PolicyRule } from './rules.ts';
import { userNameOf } from './serviceAccountUser.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';
export const roles: Named = { group: rbacGroup, name: 'roles' };
export const clusterRoles: Named = { group: rbacGroup, name: 'clusterroles' };
export const roleBindings: Named = { group: rbacGroup, name: 'rolebindings' };
export const clusterRoleBindings: Named = { group: rbacGroup, name: 'clusterrolebindings' };

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

export interface RoleRef {
  kind: string;
  name: string;
}

interface Binding {
  name: string;
  namespace: string;
  roleRef: RoleRef;
  subjects: readonly Subject[];
}

/** A rule that applies to someone and the binding it comes by, or the role of a binding that is not there. */
export type Found = { rule: PolicyRule; source: () => string } | { missing: RoleRef };

/**
 * Which rules apply to whom. Bindings and roles are read when they are first needed and kept until one of their kind
 * is written: of a thousand clusters most are only ever asked about an administrator and one service account.
 */
export class RuleResolver {
  readonly #objects: StoredObjects;
  readonly #bindings = new Map<string, Binding[]>();
  readonly #rules = new Map<string, PolicyRule[] | undefined>();

  constructor(objects: StoredObjects) {
    this.#objects = objects;
  }

  /** In the order of the bindings' names: those of the cluster, then those of the namespace. */
  *of(user: User, namespace = ''): Iterable<Found> {
    yield* this.#found(user, '', this.#bindingsOf(clusterRoleBindings, ''));
    if (namespace) yield* this.#found(user, namespace, this.#bindingsOf(roleBindings, namespace));
  }

  /** Undefined when there is no such role. */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const [resource, inside] = kind === 'Role' ? [roles, namespace] : [clusterRoles, ''];
    const key = `${inside}/${name}`;
    if (!this.#rules.has(key)) {
      const role = this.#objects.get(resource, inside || undefined, name);
      this.#rules.set(key, role && ((role.rules ?? []) as PolicyRule[]));
    }
    return this.#rules.get(key);
  }

  #bindingsOf(resource: Named, namespace: string): readonly Binding[] {
    const known = this.#bindings.get(namespace);
    if (known) return known;
    const bindings = this.#objects.list(resource, namespace || undefined).map(bindingOf);
    this.#bindings.set(namespace, bindings);
    return bindings;
  }

  *#found(user: User, namespace: string, bindings: readonly Binding[]): Iterable<Found> {
    for (const binding of bindings) {
      const subject = binding.subjects.find((each) => isMeant(user, each, namespace));
      if (!subject) continue;
      const rules = this.rulesOf(binding.roleRef, namespace);
      if (!rules) {
        yield { missing: binding.roleRef };
        continue;
      }
      const source = () => sourceOf(binding, subject);
      for (const rule of rules) yield { rule, source };
    }
  }
}

const bindingOf = (stored: StoredObject): Binding => ({
  name: stored.metadata.name!,
  namespace: stored.metadata.namespace ?? '',
  roleRef: stored.roleRef as RoleRef,
  subjects: (stored.subjects ?? []) as Subject[],
});

function isMeant(user: User, subject: Subject, namespace: string): boolean {
  if (subject.kind === 'User') return user.name === subject.name;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  const inside = subject.namespace || namespace;
  return subject.kind === 'ServiceAccount' && inside !== '' && user.name === userNameOf(inside, subject.name);
}

function sourceOf({ name, namespace, roleRef }: Binding, subject: Subject): string {
  const [kind, full] = namespace ? ['RoleBinding', `${name}/${namespace}`] : ['ClusterRoleBinding', name];
  const whom =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${kind} ${quoted(full)} of ${roleRef.kind} ${quoted(roleRef.name)} to ${subject.kind} ${quoted(whom)}`;
}

const resolvers = new WeakMap<StoredObjects, { revision: string; resolver: RuleResolver }>();

/** The resolver of a cluster as it now is. */
export function resolverOf(objects: StoredObjects): RuleResolver {
  const revision = [roles, clusterRoles, roleBindings, clusterRoleBindings]
    .map((resource) => objects.revisionOf(resource))
    .join();
  const known = resolvers.get(objects);
  if (known?.revision === revision) return known.resolver;
  const resolver = new RuleResolver(objects);
  resolvers.set(objects, { revision, resolver });
  return resolver;
}

/** As the authorizer tells of roles that are not there. */
export const faultsOf = (found: Iterable<Found>): string[] =>
  [...found].flatMap((each) =>
    'missing' in each
      ? [`${each.missing.kind.toLowerCase()}.${rbacGroup} ${quoted(each.missing.name)} not found`]
      : [],
  );

export const rulesAmong = (found: Iterable<Found>): PolicyRule[] =>
  [...found].flatMap((each) => ('rule' in each ? [each.rule] : []));

/** Several faults as Go prints a list of errors that happened together. */
export function aggregated(faults: readonly string[]): string {
  const distinct = [...new Set(faults)];
  return distinct.length > 1 ? `[${distinct.join(', ')}]` : distinct.join();
}
