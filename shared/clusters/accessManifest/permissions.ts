/** What a managed cluster can grant to Drover; the other areas add theirs. */
export const capabilities = ['watch', 'namespaces', 'sync', 'secrets', 'rotation', 'join'] as const;
export type Capability = (typeof capabilities)[number];
export const isCapability = (text: string): text is Capability =>
  (capabilities as readonly string[]).includes(text);

/** One thing that Drover does in a cluster, as Kubernetes asks about it. */
export interface Permission {
  readonly capability: Capability;
  readonly verb: string;
  /** '' is the core group; null for what is no resource. */
  readonly group: string | null;
  /** `pods`, `serviceaccounts/token`; for what is no resource its path. */
  readonly resource: string;
  /** Null: in all namespaces, or in none. */
  readonly namespace: string | null;
  /** The one object it is about; null: any. */
  readonly name: string | null;
}

/** Whose token is renewed, and where that lives. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** A service behind which a NeuVector controller answers with TLS. */
export interface ControllerService {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** As NeuVector's own chart names it. */
export const usualController: ControllerService = {
  namespace: 'neuvector',
  service: 'neuvector-svc-controller-api',
  port: 10_443,
};

/**
 * The one table of what each capability needs: the access reviews of the ladder and the manifests are made from it.
 * Only what is really called stands here. Lists are enough: Drover keeps no watches.
 */
export function permissionsOf(
  capability: Capability,
  account: ServiceAccount,
  controller: ControllerService = usualController,
): Permission[] {
  const need = (verb: string, group: string | null, resources: string[], only: Partial<Permission> = {}) =>
    resources.map((resource) => ({
      capability,
      verb,
      group,
      resource,
      namespace: null,
      name: null,
      ...only,
    }));
  switch (capability) {
    case 'watch':
      return [
        // Public unless a cluster was hardened; a role that names them works there, too.
        ...need('get', null, ['/version', '/livez', '/readyz', '/api', '/apis']),
        // Its UID is the cluster's identity.
        ...need('get', '', ['namespaces'], { name: 'kube-system' }),
        ...need('list', '', ['nodes', 'pods']),
      ];
    case 'namespaces':
      // Server-side apply is a patch, and a create where there is none yet.
      return ['get', 'list', 'create', 'patch'].flatMap((verb) => need(verb, '', ['namespaces']));
    case 'sync':
      return [
        ...need('list', '', [
          'namespaces',
          'nodes',
          'pods',
          'services',
          'configmaps',
          'resourcequotas',
          'events',
        ]),
        ...need('list', 'apps', ['deployments', 'statefulsets', 'daemonsets']),
        ...need('list', 'metrics.k8s.io', ['nodes']),
      ];
    case 'secrets':
      // RBAC knows no "names only": who may list secrets may read them.
      return need('list', '', ['secrets']);
    case 'rotation':
      return need('create', '', ['serviceaccounts/token'], account);
    case 'join': {
      const { namespace, service, port } = controller;
      // The name as it stands in the path; the verb follows from the method of what is passed on.
      const only = { namespace, name: `https:${service}:${port}` };
      return ['get', 'create', 'delete'].flatMap((verb) => need(verb, '', ['services/proxy'], only));
    }
  }
}

/** The body of a SelfSubjectAccessReview that asks for it. */
export function accessReviewOf({ verb, group, resource, namespace, name }: Permission) {
  const [kind, subresource] = resource.split('/');
  const spec =
    group === null
      ? { nonResourceAttributes: { path: resource, verb } }
      : {
          resourceAttributes: {
            verb,
            group,
            resource: kind!,
            ...(subresource && { subresource }),
            ...(namespace && { namespace }),
            ...(name && { name }),
          },
        };
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec } as const;
}
