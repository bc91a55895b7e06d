import { type AgeOf, humanDuration } from './age.ts';
import { podCells } from './podCells.ts';
import { at, count, type Part, part, parts, size, text } from './read.ts';

/** By the name of the column; name and age are the same for every kind. */
export type Cells = (object: Part, ageOf: AgeOf) => Record<string, unknown>;

/** As the server's printers write them, by resource. */
export const cellsOf: Readonly<Record<string, Cells>> = {
  pods: podCells,
  nodes: ({ metadata, spec, status }) => {
    const info = part(at(status, 'nodeInfo'));
    const ready = parts(at(status, 'conditions')).find(({ type }) => type === 'Ready');
    const state = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
    const address = (wanted: string) =>
      text(parts(at(status, 'addresses')).find(({ type }) => type === wanted)?.address, '<none>');
    const architecture = text(info.architecture);
    return {
      Status: at(spec, 'unschedulable') === true ? `${state},SchedulingDisabled` : state,
      Roles: rolesOf(part(at(metadata, 'labels'))),
      Version: text(info.kubeletVersion),
      'Internal-IP': address('InternalIP'),
      'External-IP': address('ExternalIP'),
      'OS-Image': text(info.osImage, '<unknown>'),
      'Kernel-Version': text(info.kernelVersion, '<unknown>') + (architecture && ` (${architecture})`),
      'Container-Runtime': text(info.containerRuntimeVersion, '<unknown>'),
    };
  },
  namespaces: ({ status }) => ({ Status: text(at(status, 'phase')) }),
  configmaps: ({ data, binaryData }) => ({ Data: size(data) + size(binaryData) }),
  secrets: ({ type, data }) => ({ Type: text(type), Data: size(data) }),
  services: ({ spec, status }) => ({
    Type: text(at(spec, 'type')),
    'Cluster-IP': text((at(spec, 'clusterIPs') as string[] | undefined)?.[0], '<none>'),
    'External-IP': externalIp(part(spec), status),
    'Port(s)':
      parts(at(spec, 'ports'))
        .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
        .join(',') || '<none>',
    Selector: labels(at(spec, 'selector')),
  }),
  endpoints: ({ subsets }) => ({ Endpoints: addresses(parts(subsets)) }),
  'endpointslices.discovery.k8s.io': ({ addressType, ports, endpoints }) => ({
    AddressType: text(addressType),
    Ports: few(parts(ports).map(({ port, name }) => String(port ?? name ?? '*'))),
    Endpoints: few(parts(endpoints).flatMap((one) => (one.addresses ?? []) as string[])),
  }),
  'deployments.apps': ({ spec, status }) => ({
    Ready: `${count(at(status, 'readyReplicas'))}/${count(at(spec, 'replicas'))}`,
    'Up-to-date': count(at(status, 'updatedReplicas')),
    Available: count(at(status, 'availableReplicas')),
    ...containers(at(spec, 'template')),
    Selector: selector(at(spec, 'selector'), ''),
  }),
  'replicasets.apps': replicas,
  replicationcontrollers: (object) => ({
    ...replicas(object),
    Selector: labels(at(object, 'spec', 'selector')),
  }),
  'daemonsets.apps': ({ spec, status }) => ({
    Desired: count(at(status, 'desiredNumberScheduled')),
    Current: count(at(status, 'currentNumberScheduled')),
    Ready: count(at(status, 'numberReady')),
    'Up-to-date': count(at(status, 'updatedNumberScheduled')),
    Available: count(at(status, 'numberAvailable')),
    'Node Selector': labels(at(spec, 'template', 'spec', 'nodeSelector')),
    ...containers(at(spec, 'template')),
    Selector: selector(at(spec, 'selector')),
  }),
  'statefulsets.apps': ({ spec, status }) => ({
    Ready: `${count(at(status, 'readyReplicas'))}/${count(at(spec, 'replicas'))}`,
    ...containers(at(spec, 'template')),
  }),
  'controllerrevisions.apps': ({ metadata, revision }) => {
    const owner = parts(at(metadata, 'ownerReferences')).find(({ controller }) => controller === true);
    const group = text(owner?.apiVersion).split('/').slice(0, -1).join('');
    const kind = text(owner?.kind).toLowerCase();
    return {
      Controller: owner ? `${group ? `${kind}.${group}` : kind}/${owner.name}` : '<none>',
      Revision: count(revision),
    };
  },
  podtemplates: ({ template }) => ({
    ...containers(template),
    'Pod Labels': labels(at(template, 'metadata', 'labels')),
  }),
  'jobs.batch': ({ metadata, spec, status }, ageOf) => {
    const { completions, parallelism } = part(spec);
    const done = count(at(status, 'succeeded'));
    const wanted = completions ?? (count(parallelism) > 1 ? `1 of ${parallelism}` : 1);
    return {
      Status: jobState(metadata, status),
      Completions: `${done}/${wanted}`,
      Duration: jobDuration(part(status), ageOf),
      ...containers(at(spec, 'template')),
      Selector: selector(at(spec, 'selector')),
    };
  },
  'cronjobs.batch': ({ spec, status }, ageOf) => {
    const last = at(status, 'lastScheduleTime');
    const suspend = at(spec, 'suspend');
    const job = part(at(spec, 'jobTemplate', 'spec'));
    return {
      Schedule: text(at(spec, 'schedule')),
      Timezone: text(at(spec, 'timeZone'), '<none>'),
      Suspend: suspend === undefined ? '<unset>' : suspend ? 'True' : 'False',
      Active: size(at(status, 'active')),
      'Last Schedule': last === undefined ? '<none>' : ageOf(last),
      ...containers(job.template),
      Selector: selector(job.selector),
    };
  },
  events: (event, ageOf) => {
    const { involvedObject, source, series, reportingComponent, reportingInstance } = event;
    const target = part(involvedObject);
    const first = ageOf(event.firstTimestamp ?? event.eventTime);
    const instance = text(at(source, 'host')) || text(reportingInstance);
    const component = text(at(source, 'component')) || text(reportingComponent);
    return {
      'Last Seen': series
        ? ageOf(part(series).lastObservedTime)
        : event.lastTimestamp
          ? ageOf(event.lastTimestamp)
          : first,
      Type: text(event.type),
      Reason: text(event.reason),
      Object: [text(target.kind).toLowerCase(), text(target.name)].filter(Boolean).join('/'),
      Subobject: text(target.fieldPath),
      Source: instance ? `${component}, ${instance}` : component,
      Message: text(event.message).trim(),
      'First Seen': first,
      Count: series ? count(part(series).count) : count(event.count) || 1,
    };
  },
  'rolebindings.rbac.authorization.k8s.io': binding,
  'clusterrolebindings.rbac.authorization.k8s.io': binding,
  'leases.coordination.k8s.io': ({ spec }) => ({ Holder: text(at(spec, 'holderIdentity')) }),
  'priorityclasses.scheduling.k8s.io': ({ value, globalDefault, preemptionPolicy }) => ({
    Value: count(value),
    'Global-Default': globalDefault === true,
    PreemptionPolicy: text(preemptionPolicy),
  }),
  persistentvolumes: ({ metadata, spec, status }) => {
    const claim = at(spec, 'claimRef');
    return {
      Capacity: text(at(spec, 'capacity', 'storage'), '0'),
      'Access Modes': accessModes(at(spec, 'accessModes')),
      'Reclaim Policy': text(at(spec, 'persistentVolumeReclaimPolicy')),
      Status: at(metadata, 'deletionTimestamp') ? 'Terminating' : text(at(status, 'phase')),
      Claim: claim ? `${text(part(claim).namespace)}/${text(part(claim).name)}` : '',
      StorageClass: text(at(spec, 'storageClassName')),
      VolumeAttributesClass: text(at(spec, 'volumeAttributesClassName'), '<unset>'),
      Reason: text(at(status, 'reason')),
      VolumeMode: text(at(spec, 'volumeMode'), '<unset>'),
    };
  },
  persistentvolumeclaims: ({ metadata, spec, status }) => {
    const volume = text(at(spec, 'volumeName'));
    return {
      Status: at(metadata, 'deletionTimestamp') ? 'Terminating' : text(at(status, 'phase')),
      Volume: volume,
      Capacity: volume && text(at(status, 'capacity', 'storage'), '0'),
      'Access Modes': volume && accessModes(at(status, 'accessModes')),
      StorageClass: text(at(spec, 'storageClassName')),
      VolumeAttributesClass: text(at(spec, 'volumeAttributesClassName'), '<unset>'),
      VolumeMode: text(at(spec, 'volumeMode'), '<unset>'),
    };
  },
  'storageclasses.storage.k8s.io': ({
    provisioner,
    reclaimPolicy,
    volumeBindingMode,
    allowVolumeExpansion,
  }) => ({
    Provisioner: text(provisioner),
    ReclaimPolicy: text(reclaimPolicy, 'Delete'),
    VolumeBindingMode: text(volumeBindingMode, 'Immediate'),
    AllowVolumeExpansion: allowVolumeExpansion === true,
  }),
  'csinodes.storage.k8s.io': ({ spec }) => ({ Drivers: size(at(spec, 'drivers')) }),
  'volumeattachments.storage.k8s.io': ({ spec, status }) => ({
    Attacher: text(at(spec, 'attacher')),
    PV: text(at(spec, 'source', 'persistentVolumeName')),
    Node: text(at(spec, 'nodeName')),
    Attached: at(status, 'attached') === true,
  }),
  'ingresses.networking.k8s.io': ({ spec, status }) => {
    const rules = parts(at(spec, 'rules'));
    const hosts = rules
      .slice(0, 3)
      .map(({ host }) => text(host))
      .filter(Boolean)
      .join(',');
    return {
      Class: text(at(spec, 'ingressClassName'), '<none>'),
      Hosts: (hosts || '*') + (rules.length > 3 ? ` + ${rules.length - 3} more...` : ''),
      Address: balancers(status),
      Ports: size(at(spec, 'tls')) > 0 ? '80, 443' : '80',
    };
  },
  'ingressclasses.networking.k8s.io': ({ spec }) => {
    const parameters = at(spec, 'parameters');
    const { kind, apiGroup, name } = part(parameters);
    return {
      Controller: text(at(spec, 'controller')),
      Parameters: parameters ? `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}` : '<none>',
    };
  },
  'networkpolicies.networking.k8s.io': ({ spec }) => ({ 'Pod-Selector': selector(at(spec, 'podSelector')) }),
  'servicecidrs.networking.k8s.io': ({ spec }) => ({
    CIDRs: ((at(spec, 'cidrs') ?? []) as string[]).join(','),
  }),
  'ipaddresses.networking.k8s.io': ({ spec }) => {
    const { group, resource, namespace, name } = part(at(spec, 'parentRef'));
    const kind = group ? `${resource}.${group}` : `${resource}`;
    return { ParentRef: [kind.toLowerCase(), namespace, name].filter(Boolean).join('/') };
  },
  'poddisruptionbudgets.policy': ({ spec, status }) => ({
    'Min Available': String(at(spec, 'minAvailable') ?? 'N/A'),
    'Max Unavailable': String(at(spec, 'maxUnavailable') ?? 'N/A'),
    'Allowed Disruptions': count(at(status, 'disruptionsAllowed')),
  }),
  'horizontalpodautoscalers.autoscaling': ({ spec, status }) => ({
    Reference: `${text(at(spec, 'scaleTargetRef', 'kind'))}/${text(at(spec, 'scaleTargetRef', 'name'))}`,
    Targets: targets(part(spec)),
    MinPods: String(at(spec, 'minReplicas') ?? '<unset>'),
    MaxPods: count(at(spec, 'maxReplicas')),
    Replicas: count(at(status, 'currentReplicas')),
  }),
  resourcequotas: ({ status }) => {
    const hard = part(at(status, 'hard'));
    const cell = (isLimit: boolean) =>
      Object.keys(hard)
        .filter((name) => name.startsWith('limits.') === isLimit)
        .toSorted()
        .map((name) => `${name}: ${text(at(status, 'used', name), '0')}/${hard[name]}`)
        .join(', ');
    return { Request: cell(false), Limit: cell(true) };
  },
  'runtimeclasses.node.k8s.io': ({ handler }) => ({ Handler: text(handler) }),
  'customresourcedefinitions.apiextensions.k8s.io': ({ metadata, spec, status }) => ({
    Scope: text(at(spec, 'scope')),
    Versions: parts(at(spec, 'versions'))
      .filter(({ served }) => served === true)
      .map(({ name, storage }) => `${text(name)}${storage === true ? '(storage)' : ''}`)
      .toSorted()
      .join(','),
    'Created At': text(at(metadata, 'creationTimestamp')),
    Group: text(at(spec, 'group')),
    Kind: text(at(spec, 'names', 'kind')),
    ShortNames: ((at(spec, 'names', 'shortNames') ?? []) as string[]).join(','),
    Established: parts(at(status, 'conditions')).some(
      ({ type, status }) => type === 'Established' && status === 'True',
    ),
  }),
  'apiservices.apiregistration.k8s.io': ({ spec, status }) => {
    const service = at(spec, 'service');
    const available = parts(at(status, 'conditions')).find(({ type }) => type === 'Available');
    const state = text(available?.status, 'Unknown');
    return {
      Service: service ? `${text(part(service).namespace)}/${text(part(service).name)}` : 'Local',
      Available: available && state !== 'True' && available.reason ? `${state} (${available.reason})` : state,
    };
  },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'flowschemas.flowcontrol.apiserver.k8s.io': ({ spec, status }) => ({
    PriorityLevel: text(at(spec, 'priorityLevelConfiguration', 'name')),
    MatchingPrecedence: count(at(spec, 'matchingPrecedence')),
    DistinguisherMethod: text(at(spec, 'distinguisherMethod', 'type'), '<none>'),
    MissingPL: text(parts(at(status, 'conditions')).find(({ type }) => type === 'Dangling')?.status, '?'),
  }),
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': ({ spec }) => {
    const limited = part(at(spec, 'limited'));
    const queuing = part(at(limited, 'limitResponse', 'queuing'));
    return {
      Type: text(at(spec, 'type')),
      NominalConcurrencyShares: limited.nominalConcurrencyShares ?? '<none>',
      Queues: queuing.queues ?? '<none>',
      HandSize: queuing.handSize ?? '<none>',
      QueueLengthLimit: queuing.queueLengthLimit ?? '<none>',
    };
  },
};

function rolesOf(labels: Part): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(labels)
    .filter((key) => key.startsWith(prefix) && key !== prefix)
    .map((key) => key.slice(prefix.length));
  const other = text(labels['kubernetes.io/role']);
  return [...new Set(other ? [...roles, other] : roles)].toSorted().join(',') || '<none>';
}

function containers(template: unknown): { Containers: string; Images: string } {
  const list = parts(at(template, 'spec', 'containers'));
  return {
    Containers: list.map(({ name }) => name).join(','),
    Images: list.map(({ image }) => image).join(','),
  };
}

function replicas({ spec, status }: Part): Record<string, unknown> {
  return {
    Desired: count(at(spec, 'replicas')),
    Current: count(at(status, 'replicas')),
    Ready: count(at(status, 'readyReplicas')),
    ...containers(at(spec, 'template')),
    Selector: selector(at(spec, 'selector')),
  };
}

const labels = (value: unknown): string =>
  Object.entries(part(value))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, of]) => `${key}=${of}`)
    .join(',') || '<none>';

/** A LabelSelector in one line. */
function selector(value: unknown, empty = '<none>'): string {
  const { matchLabels, matchExpressions } = part(value);
  const terms = [
    ...Object.entries(part(matchLabels)).map(([key, of]) => [key, `${key}=${of}`] as const),
    ...parts(matchExpressions).map(
      ({ key, operator, values }) =>
        [String(key), expression(String(key), String(operator), values)] as const,
    ),
  ];
  return (
    terms
      .toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
      .map(([, term]) => term)
      .join(',') || empty
  );
}

function expression(key: string, operator: string, values: unknown): string {
  const list = ((values ?? []) as string[]).toSorted().join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}

function few(list: readonly string[]): string {
  const shown = list.slice(0, 3).join(',') || '<unset>';
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}

function addresses(subsets: readonly Part[]): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap((subset) => {
    const ips = parts(subset.addresses).map(({ ip }) => String(ip));
    const ports = parts(subset.ports);
    if (ports.length === 0) return ips;
    return ports.flatMap(({ port }) =>
      ips.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
    );
  });
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown;
}

const balancers = (status: unknown): string =>
  [
    ...new Set(
      parts(at(status, 'loadBalancer', 'ingress')).map(({ ip, hostname }) => text(ip) || text(hostname)),
    ),
  ]
    .filter(Boolean)
    .toSorted()
    .join(',');

function externalIp(spec: Part, status: unknown): string {
  const own = (spec.externalIPs ?? []) as string[];
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.join(',') || '<none>';
    case 'LoadBalancer':
      return [balancers(status), ...own].filter(Boolean).join(',') || '<pending>';
    case 'ExternalName':
      return text(spec.externalName);
    default:
      return '<unknown>';
  }
}

function jobState(metadata: unknown, status: unknown): string {
  const conditions = parts(at(status, 'conditions'));
  const has = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (at(metadata, 'deletionTimestamp') !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function jobDuration({ startTime, completionTime }: Part, ageOf: AgeOf): string {
  if (typeof startTime !== 'string') return '';
  return typeof completionTime === 'string'
    ? humanDuration(Date.parse(completionTime) - Date.parse(startTime))
    : ageOf(startTime);
}

function binding({ roleRef, subjects }: Part): Record<string, unknown> {
  const all = parts(subjects);
  const names = (kind: string) =>
    all
      .filter((one) => one.kind === kind)
      .map(({ name }) => name)
      .join(', ');
  return {
    Role: `${text(at(roleRef, 'kind'))}/${text(at(roleRef, 'name'))}`,
    Users: names('User'),
    Groups: names('Group'),
    ServiceAccounts: all
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ namespace, name }) => `${text(namespace)}/${name}`)
      .join(', '),
  };
}

const accessModeNames: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(value: unknown): string {
  const modes = (value ?? []) as string[];
  return Object.entries(accessModeNames)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function webhooks(object: Part): Record<string, unknown> {
  return { Webhooks: size(object.webhooks) };
}

/** Of what is measured in percent of a request; what a simulated cluster measures nobody knows. */
function targets(spec: Part): string {
  const metrics = parts(spec.metrics).map(({ resource }) => {
    const wanted = at(resource, 'target', 'averageUtilization');
    return `${text(at(resource, 'name'))}: <unknown>/${wanted === undefined ? '<auto>' : `${wanted}%`}`;
  });
  const shown = metrics.slice(0, 2).join(', ') || '<none>';
  return metrics.length > 2 ? `${shown} + ${metrics.length - 2} more...` : shown;
}
