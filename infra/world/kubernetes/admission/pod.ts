import type { StoredObjects } from '../auth/authCluster.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import { forbidden } from '../status.ts';

interface Toleration {
  key?: string;
  operator?: string;
  effect?: string;
  tolerationSeconds?: number;
}

interface PriorityClass extends StoredObject {
  value?: number;
  preemptionPolicy?: string;
  globalDefault?: boolean;
}

const priorityClasses = { group: 'scheduling.k8s.io', name: 'priorityclasses' };
const troubles = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** How important a pod is, and how long it stays on a node in trouble: what it does not say, the server fills in. */
export function withPriority(objects: Pick<StoredObjects, 'get' | 'list'>, pod: KubeObject): KubeObject {
  const spec = pod.spec as {
    priorityClassName?: string;
    preemptionPolicy?: string;
    tolerations?: Toleration[];
  };
  const { priorityClassName: name } = spec;
  const found: PriorityClass | undefined = name
    ? objects.get(priorityClasses, undefined, name)
    : objects.list(priorityClasses).find(({ globalDefault }) => globalDefault);
  if (name && !found)
    throw forbidden(
      { group: '', name: 'pods' },
      pod.metadata.name ?? '',
      `no PriorityClass with name ${name} was found`,
    );
  return {
    ...pod,
    spec: {
      ...spec,
      ...(found && !name ? { priorityClassName: found.metadata.name } : {}),
      priority: found?.value ?? 0,
      preemptionPolicy: spec.preemptionPolicy ?? found?.preemptionPolicy ?? 'PreemptLowerPriority',
      tolerations: tolerationsOf(spec.tolerations ?? []),
    },
  };
}

function tolerationsOf(given: readonly Toleration[]): Toleration[] {
  const isTolerated = (trouble: string) =>
    given.some(
      ({ key = '', effect = '' }) =>
        (key === trouble || key === '') && (effect === 'NoExecute' || effect === ''),
    );
  const added = troubles
    .filter((trouble) => !isTolerated(trouble))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return [...given, ...added];
}
