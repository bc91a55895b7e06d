import type { ObjectMeta, StoredObject } from '../objects.ts';

type Made = (object: StoredObject) => StoredObject;

/** What the server makes of a new object of these kinds, besides what it does to all. */
export const atBirth: Readonly<Record<string, Made>> = {
  namespaces: (object) => {
    const { finalizers = [] } = (object.spec ?? {}) as { finalizers?: string[] };
    return { ...object, spec: { finalizers: [...new Set([...finalizers, 'kubernetes'])] } };
  },
  'jobs.batch': withOwnSelector,
  pods: (object) => ({ ...object, status: { phase: 'Pending', qosClass: qualityOf(object) } }),
  persistentvolumeclaims: withFinalizer('kubernetes.io/pvc-protection'),
  persistentvolumes: withFinalizer('kubernetes.io/pv-protection'),
};

function withFinalizer(finalizer: string): Made {
  return (object) => {
    const finalizers = new Set([...(object.metadata.finalizers ?? []), finalizer]);
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers] } };
  };
}

interface JobSpec {
  manualSelector?: boolean;
  template: { metadata?: ObjectMeta };
}

/** A job finds its pods by its own uid. */
function withOwnSelector(object: StoredObject): StoredObject {
  const { metadata } = object;
  const spec = object.spec as JobSpec;
  if (spec.manualSelector) return object;
  const uid = metadata.uid!;
  const name = metadata.name!;
  const labels = {
    ...spec.template.metadata?.labels,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  return {
    ...object,
    metadata: { ...metadata, labels: metadata.labels ?? labels },
    spec: {
      ...spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

interface Resources {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

/** How a pod is treated when memory runs short. */
function qualityOf({ spec }: StoredObject): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const { containers, initContainers } = (spec ?? {}) as Record<'containers' | 'initContainers', unknown>;
  const all = [...listed(containers), ...listed(initContainers)].map(({ resources = {} }) => resources);
  const counted = ['cpu', 'memory'];
  const asksNothing = ({ requests = {}, limits = {} }: Resources) =>
    counted.every((name) => requests[name] === undefined && limits[name] === undefined);
  const asksExactly = ({ requests = {}, limits = {} }: Resources) =>
    counted.every((name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name]);
  if (all.every(asksNothing)) return 'BestEffort';
  return all.every(asksExactly) ? 'Guaranteed' : 'Burstable';
}

/** Not yet checked: a pod that is refused next may hold anything there. */
const listed = (containers: unknown): { resources?: Resources }[] =>
  Array.isArray(containers) ? containers : [];
