import type { ObjectMeta, StoredObject } from '../objects.ts';
import { arrayOf, child, type Fields, fieldsOf } from '../validation/defaultValues.ts';

type Made = (object: StoredObject) => StoredObject;

/** What the server makes of a new object of these kinds once it has a uid, besides what it does to all. */
export const atBirth: Readonly<Record<string, Made>> = {
  namespaces: (object) => {
    const { finalizers = [] } = (object.spec ?? {}) as { finalizers?: string[] };
    const { name = '' } = object.metadata;
    // The name may have been made up since defaults were filled in.
    const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
    return {
      ...object,
      metadata: { ...object.metadata, labels },
      spec: { finalizers: [...new Set([...finalizers, 'kubernetes'])] },
    };
  },
  nodes: changed((node) => {
    const spec = child(node, 'spec');
    const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
    const others = arrayOf(spec.taints).filter(
      ({ key, effect }) => key !== taint.key || effect !== taint.effect,
    );
    spec.taints = [...others, taint];
  }),
  'jobs.batch': withOwnSelector,
  pods: (object) => ({ ...object, status: { phase: 'Pending', qosClass: qualityOf(object) } }),
  services: changed((service) => address(child(service, 'spec'), numberOf(service.metadata.uid))),
  'daemonsets.apps': changed(({ metadata }) => {
    metadata.annotations = { 'deprecated.daemonset.template.generation': '1', ...metadata.annotations };
  }),
  'customresourcedefinitions.apiextensions.k8s.io': (definition) => {
    const stored = arrayOf(fieldsOf(definition.spec)?.versions).find(({ storage }) => storage === true);
    const storedVersions = stored ? [stored.name] : [];
    return {
      ...definition,
      status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions },
    };
  },
  persistentvolumeclaims: withFinalizer('kubernetes.io/pvc-protection'),
  persistentvolumes: withFinalizer('kubernetes.io/pv-protection'),
};

/** Of a copy. */
function changed(change: (object: StoredObject) => void): Made {
  return (object) => {
    const copy = structuredClone(object);
    change(copy);
    return copy;
  };
}

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

const numberOf = (uid = ''): number => Number.parseInt(uid.replaceAll('-', '').slice(0, 8), 16) || 0;

/** A free address and ports: those that the uid, which is chance itself, points to. */
function address(spec: Fields, number: number): void {
  if (spec.type === 'ExternalName') return;
  const isHeadless = spec.clusterIP === 'None';
  spec.clusterIP ||= `10.96.${(number >> 8) & 255}.${1 + ((number & 255) % 254)}`;
  spec.clusterIPs ??= [spec.clusterIP];
  // Without a selector, others say where it leads: in both families, whatever this cluster has.
  const isAnywhere = isHeadless && fieldsOf(spec.selector) === undefined;
  spec.ipFamilies ??= isAnywhere ? ['IPv4', 'IPv6'] : ['IPv4'];
  spec.ipFamilyPolicy ??= isAnywhere ? 'RequireDualStack' : 'SingleStack';
  if (spec.type === 'ClusterIP') return;
  for (const [index, port] of arrayOf(spec.ports).entries())
    port.nodePort ||= 30_000 + ((number + index) % 2768);
}
