import { createHash } from 'node:crypto';
import { clusterError } from '../errors.ts';
import { documents } from './documents.ts';
import {
  type Capability,
  type ControllerService,
  capabilities,
  type Permission,
  permissionsOf,
  type ServiceAccount,
} from './permissions.ts';
import { type Rule, rulesOf } from './rules.ts';

/** What the manifest is for. */
export interface AccessWish extends ServiceAccount {
  readonly capabilities: readonly Capability[];
  /**
   * `request`: the token is made by `kubectl create token` and ends by itself. `secret`: a Secret that keeps one
   * without expiry, for clusters that cut long tokens short and shall not be rotated.
   */
  readonly token?: 'request' | 'secret';
  /** Of NeuVector, for `join`; else where its own chart puts it. */
  readonly controller?: ControllerService;
}

/** Who is granted: a service account, or the user of a client certificate or an EKS role. */
export type Subject =
  | ({ readonly kind: 'ServiceAccount' } & ServiceAccount)
  | { readonly kind: 'User'; readonly name: string };

const rbac = 'rbac.authorization.k8s.io';

/** The service account and, capability by capability, the least it needs: for `kubectl apply -f -`. */
export function accessManifest(wish: AccessWish): string {
  const { namespace, name, token = 'request', controller } = wish;
  refuseName('name', name);
  refuseName('namespace', namespace);
  const account = { namespace, name };
  const subject: Subject = { kind: 'ServiceAccount', ...account };
  // In their own order, and each once, so that the same wish gives the same text.
  const wanted = capabilities.filter((capability) => wish.capabilities.includes(capability));
  return documents(hints(account, wanted, token), [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    ...(token === 'secret' ? [tokenSecret(account)] : []),
    ...wanted.flatMap((capability) =>
      grants(`${name}-${capability}`, permissionsOf(capability, account, controller), subject),
    ),
  ]);
}

/**
 * Exactly what is missing, for whom the cluster says we are. Its name comes from its content: applying it takes
 * nothing away that was granted before, to this one or another.
 */
export function missingManifest(missing: readonly Permission[], subject: Subject): string {
  const suffix = createHash('sha256')
    .update(JSON.stringify([rulesOf(missing), subject]))
    .digest('hex')
    .slice(0, 8);
  return documents([], grants(`drover-missing-${suffix}`, missing, subject));
}

/** `system:serviceaccount:…` as an API server tells who one is; anything else is a user. */
export function subjectOf(username: string): Subject {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  return namespace && name ? { kind: 'ServiceAccount', namespace, name } : { kind: 'User', name: username };
}

/** One role and its binding for what is cluster-wide, and one of each for every namespace. */
function grants(name: string, permissions: readonly Permission[], subject: Subject): object[] {
  return [...Map.groupBy(permissions, ({ namespace }) => namespace)].flatMap(([namespace, of]) => {
    const kind = namespace === null ? 'ClusterRole' : 'Role';
    const metadata = namespace === null ? { name } : { namespace, name };
    const rules: Rule[] = rulesOf(of);
    return [
      { apiVersion: `${rbac}/v1`, kind, metadata, rules },
      {
        apiVersion: `${rbac}/v1`,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: rbac, kind, name },
        subjects: [subject.kind === 'User' ? { apiGroup: rbac, ...subject } : subject],
      },
    ];
  });
}

const tokenSecret = ({ namespace, name }: ServiceAccount) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/service-account-token',
  metadata: {
    namespace,
    name: `${name}-token`,
    annotations: { 'kubernetes.io/service-account.name': name },
  },
});

/** How one comes by the token, written above the objects. */
function hints(
  { namespace, name }: ServiceAccount,
  wanted: readonly Capability[],
  token: 'request' | 'secret',
): string[] {
  if (token === 'secret') {
    return [
      'Apply with: kubectl apply -f FILE. Then the token, which never expires, is:',
      `  kubectl -n ${namespace} get secret ${name}-token -o jsonpath='{.data.token}' | base64 -d`,
      'Deleting that Secret revokes it.',
    ];
  }
  const lasts = wanted.includes('rotation') ? '48h' : '8760h';
  return [
    'Apply with: kubectl apply -f FILE. Then make the token:',
    `  kubectl -n ${namespace} create token ${name} --duration=${lasts}`,
    wanted.includes('rotation')
      ? 'Drover renews it at half its life.'
      : 'The cluster may grant less than asked for; Drover warns 30, 7 and 1 days ahead. With the capability "rotation" it renews the token itself.',
    'Deleting the service account revokes all its tokens.',
  ];
}

/** Names become part of commands that a person copies. */
function refuseName(at: string, name: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) throw clusterError('ACCESS_NAME_INVALID', { at });
}
