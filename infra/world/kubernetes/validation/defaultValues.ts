/** Defaults that the server's code sets and its OpenAPI does not tell. Values of the real server's answers. */

export type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** The object in a field, which is made if there is none. */
export function child(fields: Fields, name: string): Fields {
  fields[name] ??= {};
  return fields[name] as Fields;
}

type Fill = (fields: Fields) => void;

/** Sets what is absent or empty. */
const set =
  (values: Fields): Fill =>
  (fields) => {
    for (const [name, value] of Object.entries(values)) {
      if (fields[name] === undefined || fields[name] === null || fields[name] === '') {
        fields[name] = structuredClone(value);
      }
    }
  };

const rollingUpdate =
  (field: string, values: Fields): Fill =>
  (fields) => {
    const strategy = child(fields, field);
    strategy.type ||= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') set(values)(child(strategy, 'rollingUpdate'));
  };

const all =
  (...fills: Fill[]): Fill =>
  (fields) => {
    for (const fill of fills) fill(fields);
  };

const container: Fill = all(
  set({ terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }),
  (fields) => {
    fields.imagePullPolicy ||= isLatest(String(fields.image ?? '')) ? 'Always' : 'IfNotPresent';
  },
);

function isLatest(image: string): boolean {
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return false;
  return !name.includes(':') || name.endsWith(':latest');
}

const defaultMode = set({ defaultMode: 0o644 });

/** By Go's name of the type. */
export const ofType: Readonly<Record<string, Fill>> = {
  'v1.PodSpec': all(
    (fields) => {
      fields.serviceAccountName ||= fields.serviceAccount;
      fields.serviceAccount = fields.serviceAccountName;
    },
    set({
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
    }),
  ),
  'v1.Container': container,
  'v1.EphemeralContainer': container,
  'v1.Probe': (fields) => {
    fields.timeoutSeconds ||= 1;
    fields.periodSeconds ||= 10;
    fields.successThreshold ||= 1;
    fields.failureThreshold ||= 3;
  },
  'v1.HTTPGetAction': set({ path: '/', scheme: 'HTTP' }),
  'v1.Volume': (fields) => {
    if (Object.keys(fields).every((name) => name === 'name')) fields.emptyDir = {};
  },
  'v1.SecretVolumeSource': defaultMode,
  'v1.ConfigMapVolumeSource': defaultMode,
  'v1.DownwardAPIVolumeSource': defaultMode,
  'v1.ProjectedVolumeSource': defaultMode,
  'v1.HostPathVolumeSource': set({ type: '' }),
  'v1.ServiceAccountTokenProjection': set({ expirationSeconds: 3600 }),
  'v1.TokenRequestSpec': set({ expirationSeconds: 3600 }),
  'v1.ObjectFieldSelector': set({ apiVersion: 'v1' }),
  'v1.PersistentVolumeClaimSpec': set({ volumeMode: 'Filesystem' }),
  'v1.PersistentVolumeSpec': set({ volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' }),
  'v1.DeploymentSpec': all(
    set({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
    rollingUpdate('strategy', { maxUnavailable: '25%', maxSurge: '25%' }),
  ),
  'v1.DaemonSetSpec': all(
    set({ revisionHistoryLimit: 10 }),
    rollingUpdate('updateStrategy', { maxUnavailable: 1, maxSurge: 0 }),
  ),
  'v1.StatefulSetSpec': all(
    set({ podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 }),
    rollingUpdate('updateStrategy', { partition: 0, maxUnavailable: 1 }),
    (fields) =>
      set({ whenDeleted: 'Retain', whenScaled: 'Retain' })(
        child(fields, 'persistentVolumeClaimRetentionPolicy'),
      ),
  ),
  'v1.ReplicaSetSpec': set({ replicas: 1 }),
  'v1.CronJobSpec': set({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  }),
  'v1.NodeSpec': (fields) => {
    if (fields.podCIDR && arrayOf(fields.podCIDRs).length === 0) fields.podCIDRs = [fields.podCIDR];
  },
  'v1.PodStatus': (fields) => {
    const [first] = arrayOf(fields.podIPs);
    if (fields.podIP && first?.ip !== fields.podIP) fields.podIPs = [{ ip: fields.podIP }];
    else if (first) fields.podIP = first.ip;
  },
  'v1.NodeStatus': (fields) => {
    if (fields.capacity !== undefined) fields.allocatable ??= structuredClone(fields.capacity);
  },
  'v1.ServiceSpec': (fields) => {
    set({ sessionAffinity: 'None', type: 'ClusterIP' })(fields);
    const isExternal = fields.type === 'NodePort' || fields.type === 'LoadBalancer';
    if (isExternal) set({ externalTrafficPolicy: 'Cluster' })(fields);
    if (isExternal || fields.type === 'ClusterIP') set({ internalTrafficPolicy: 'Cluster' })(fields);
    if (fields.type === 'LoadBalancer') set({ allocateLoadBalancerNodePorts: true })(fields);
    if (fields.sessionAffinity === 'ClientIP') {
      fields.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
    }
  },
  'v1.ServicePort': (fields) => {
    fields.protocol ||= 'TCP';
    fields.targetPort ||= fields.port;
  },
  'v1.EndpointPort': set({ protocol: 'TCP' }),
  'v1.NetworkPolicyPort': set({ protocol: 'TCP' }),
  'v1.NetworkPolicySpec': (fields) => {
    const isOut = arrayOf(fields.egress).length > 0;
    if (arrayOf(fields.policyTypes).length === 0)
      fields.policyTypes = ['Ingress', ...(isOut ? ['Egress'] : [])];
  },
  'v1.CustomResourceDefinitionSpec': (fields) => {
    const names = child(fields, 'names');
    names.singular ||= String(names.kind ?? '').toLowerCase();
    names.listKind ||= `${String(names.kind ?? '')}List`;
    set({ conversion: { strategy: 'None' } })(fields);
  },
  'v1.ServiceReference': set({ port: 443 }),
};

/** Of the whole object, by its resource. */
export const ofKind: Readonly<Record<string, Fill>> = {
  namespaces: (fields) => {
    const metadata = child(fields, 'metadata');
    if (metadata.name) {
      metadata.labels = { ...fieldsOf(metadata.labels), 'kubernetes.io/metadata.name': metadata.name };
    }
    set({ phase: 'Active' })(child(fields, 'status'));
  },
  secrets: (fields) => {
    fields.type ||= 'Opaque';
    const written = Object.entries(fieldsOf(fields.stringData) ?? {});
    if (written.length > 0) {
      const encoded = written.map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
      fields.data = { ...fieldsOf(fields.data), ...Object.fromEntries(encoded) };
    }
    delete fields.stringData;
  },
  pods: (fields) => {
    const spec = fieldsOf(fields.spec);
    if (!spec) return;
    set({ enableServiceLinks: true })(spec);
    for (const one of [...arrayOf(spec.containers), ...arrayOf(spec.initContainers)]) {
      const resources = fieldsOf(one.resources);
      const limits = fieldsOf(resources?.limits);
      if (resources && limits) resources.requests = { ...limits, ...fieldsOf(resources.requests) };
      if (spec.hostNetwork === true)
        for (const port of arrayOf(one.ports)) port.hostPort ||= port.containerPort;
    }
  },
  'endpointslices.discovery.k8s.io': (fields) => {
    for (const port of arrayOf(fields.ports)) port.name ??= '';
  },
  'rolebindings.rbac.authorization.k8s.io': binding,
  'clusterrolebindings.rbac.authorization.k8s.io': binding,
  'jobs.batch': job,
  'priorityclasses.scheduling.k8s.io': set({ preemptionPolicy: 'PreemptLowerPriority' }),
  persistentvolumes: pending,
  persistentvolumeclaims: pending,
};

function pending(fields: Fields): void {
  set({ phase: 'Pending' })(child(fields, 'status'));
}

function binding(fields: Fields): void {
  set({ apiGroup: rbac })(child(fields, 'roleRef'));
  for (const subject of arrayOf(fields.subjects)) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= rbac;
  }
}

const rbac = 'rbac.authorization.k8s.io';

/** A CronJob's template is no Job yet and has none of these. */
function job(fields: Fields): void {
  const spec = child(fields, 'spec');
  if (spec.parallelism === undefined) spec.completions ??= 1;
  spec.parallelism ??= 1;
  set({
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
  })(spec);
  const labels = fieldsOf(fieldsOf(fieldsOf(spec.template)?.metadata)?.labels);
  const metadata = child(fields, 'metadata');
  if (labels && Object.keys(fieldsOf(metadata.labels) ?? {}).length === 0) metadata.labels = { ...labels };
}

export const arrayOf = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);
