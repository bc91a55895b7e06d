/**
 * What the server's Go types say and its OpenAPI does not. Fields are named as `Field`, wherever it stands, or as
 * `Type.Field`. A reader of Go's sources finds each in k8s.io/api.
 */
export function isListed(list: ReadonlySet<string>, goType: string | undefined, field: string): boolean {
  return list.has(field) || list.has(`${goType?.split('.').pop()}.${field}`);
}

/** Numbers and booleans held by value and left out when 0 or false; all others that may be missing are pointers. */
export const omittedZeros: ReadonlySet<string> = new Set([
  ...[
    'active',
    'availableReplicas',
    'clusterScope',
    'currentReplicas',
    'deprecated',
    'deprecatedCount',
    'exclusiveMaximum',
  ],
  ...[
    'exclusiveMinimum',
    'failed',
    'failureThreshold',
    'fullyLabeledReplicas',
    'generation',
    'globalDefault',
  ],
  ...[
    'healthCheckNodePort',
    'hostIPC',
    'hostNetwork',
    'hostPID',
    'hostPort',
    'initialDelaySeconds',
    'minReadySeconds',
  ],
  ...[
    'nodePort',
    'nullable',
    'numberAvailable',
    'numberUnavailable',
    'observedGeneration',
    'paused',
    'periodSeconds',
  ],
  ...[
    'preserveUnknownFields',
    'publishNotReadyAddresses',
    'readOnly',
    'readyReplicas',
    'signal',
    'sizeBytes',
    'stdin',
  ],
  ...[
    'stdinOnce',
    'succeeded',
    'successThreshold',
    'tty',
    'unavailableReplicas',
    'uniqueItems',
    'unschedulable',
  ],
  ...[
    'updatedNumberScheduled',
    'updatedReplicas',
    'x-kubernetes-embedded-resource',
    'x-kubernetes-int-or-string',
  ],
  ...[
    'Event.count',
    'EventSeries.count',
    'DeploymentStatus.replicas',
    'ScaleSpec.replicas',
    'Probe.timeoutSeconds',
  ],
  ...['ServiceBackendPort.number', 'CustomResourceColumnDefinition.priority'],
]);

/** Strings held by pointer: an empty one is not a missing one. */
export const keptEmpty: ReadonlySet<string> = new Set([
  ...[
    'HostPathVolumeSource.type',
    'PersistentVolumeClaimSpec.storageClassName',
    'PersistentVolumeSpec.storageClassName',
  ],
  ...[
    'LeaseSpec.holderIdentity',
    'IngressSpec.ingressClassName',
    'PodSpec.runtimeClassName',
    'VolumeMount.mountPropagation',
    'EndpointPort.name',
  ],
]);

/** Printed even when empty, though OpenAPI does not call them required. */
export const alwaysPrinted: ReadonlySet<string> = new Set([
  ...[
    'Role.rules',
    'TokenRequestSpec.boundObjectRef',
    'ClusterRole.rules',
    'StatefulSetStatus.availableReplicas',
    'ControllerRevision.revision',
  ],
  ...['PodDisruptionBudgetStatus.currentHealthy', 'PodDisruptionBudgetStatus.desiredHealthy'],
  ...['PodDisruptionBudgetStatus.disruptionsAllowed', 'PodDisruptionBudgetStatus.expectedPods'],
  ...[
    'ProjectedVolumeSource.sources',
    'PriorityClass.value',
    'EndpointSlice.endpoints',
    'EndpointSlice.ports',
  ],
  ...['CustomResourceDefinitionStatus.acceptedNames', 'CustomResourceDefinitionStatus.conditions'],
  ...[
    'CustomResourceDefinitionStatus.storedVersions',
    'ObjectReference.apiGroup',
    'TypedLocalObjectReference.apiGroup',
  ],
  ...['Event.reportingComponent', 'Event.reportingInstance', 'Event.eventTime', 'Event.firstTimestamp'],
  ...['Event.lastTimestamp', 'PodCondition.lastProbeTime', 'PodCondition.lastTransitionTime'],
  ...[
    'NodeCondition.lastHeartbeatTime',
    'NodeCondition.lastTransitionTime',
    'NamespaceCondition.lastTransitionTime',
  ],
  ...[
    'DeploymentCondition.lastUpdateTime',
    'DeploymentCondition.lastTransitionTime',
    'JobCondition.lastProbeTime',
  ],
  ...[
    'JobCondition.lastTransitionTime',
    'PersistentVolumeClaimCondition.lastProbeTime',
    'PersistentVolumeClaimCondition.lastTransitionTime',
    'ContainerStateRunning.startedAt',
    'ContainerStateTerminated.startedAt',
  ],
  ...['ContainerStateTerminated.finishedAt', 'CustomResourceDefinitionCondition.lastTransitionTime'],
]);

/** Required by the server's code alone. */
export const requiredByCode: ReadonlySet<string> = new Set(['Container.image', 'EphemeralContainer.image']);

/** Called required by OpenAPI and not by the server's code, which says more of them. */
export const notRequired: ReadonlySet<string> = new Set([
  'CustomResourceDefinitionSpec.versions',
  'LimitRangeSpec.limits',
]);

/** Numbers below 0 are refused. */
export const notNegative: ReadonlySet<string> = new Set([
  ...[
    'DeploymentSpec.replicas',
    'ReplicaSetSpec.replicas',
    'StatefulSetSpec.replicas',
    'ReplicationControllerSpec.replicas',
  ],
  ...['JobSpec.parallelism', 'JobSpec.completions', 'JobSpec.backoffLimit', 'JobSpec.activeDeadlineSeconds'],
  ...['JobSpec.ttlSecondsAfterFinished', 'DeploymentSpec.revisionHistoryLimit', 'minReadySeconds'],
]);

/** Numbers of ports. */
export const ports: ReadonlySet<string> = new Set([
  'ContainerPort.containerPort',
  'ServicePort.port',
  'ServicePort.targetPort',
]);

/** Values a field may have, in the order in which the server names them. */
export const enumerations: Readonly<Record<string, readonly string[]>> = {
  'ContainerPort.protocol': ['SCTP', 'TCP', 'UDP'],
  'Container.imagePullPolicy': ['Always', 'IfNotPresent', 'Never'],
  'Container.terminationMessagePolicy': ['FallbackToLogsOnError', 'File'],
  'PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'PodSpec.dnsPolicy': ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
  'CustomResourceDefinitionSpec.scope': ['Cluster', 'Namespaced'],
  'Taint.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'ServicePort.protocol': ['SCTP', 'TCP', 'UDP'],
  'ServiceSpec.type': ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
  'ServiceSpec.sessionAffinity': ['ClientIP', 'None'],
  'DeploymentStrategy.type': ['Recreate', 'RollingUpdate'],
  'CronJobSpec.concurrencyPolicy': ['Allow', 'Forbid', 'Replace'],
  'JobSpec.completionMode': ['NonIndexed', 'Indexed'],
};
