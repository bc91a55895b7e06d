import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { qualified } from '../status.ts';
import { arrayOf, child, type Fields, fieldsOf } from './defaultValues.ts';

/** What the server adds to a new object once it has a uid: by its code for the kind, or by admission. */
export function completeNew(resource: Resource, object: StoredObject): StoredObject {
  const complete = byResource[qualified(resource)];
  if (!complete) return object;
  const result = structuredClone(object);
  complete(result);
  return result;
}

const byResource: Readonly<Record<string, (object: StoredObject) => void>> = {
  pods: (pod) => {
    const spec = child(pod, 'spec');
    spec.priority ??= priorities[String(spec.priorityClassName)] ?? 0;
    spec.preemptionPolicy ??= 'PreemptLowerPriority';
    spec.tolerations = tolerant(arrayOf(spec.tolerations));
  },
  nodes: (node) => {
    const spec = child(node, 'spec');
    const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
    const others = arrayOf(spec.taints).filter(
      ({ key, effect }) => key !== taint.key || effect !== taint.effect,
    );
    spec.taints = [...others, taint];
  },
  // Its name may have been made up since defaults were filled in.
  namespaces: ({ metadata }) => {
    metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' };
  },
  'customresourcedefinitions.apiextensions.k8s.io': (definition) => {
    const stored = arrayOf(fieldsOf(definition.spec)?.versions).find(({ storage }) => storage === true);
    definition.status = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: stored ? [stored.name] : [],
    };
  },
  'daemonsets.apps': ({ metadata }) => {
    metadata.annotations = { 'deprecated.daemonset.template.generation': '1', ...metadata.annotations };
  },
  services: (service) => address(child(service, 'spec'), numberOf(service.metadata.uid)),
};

const priorities: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

/** Five minutes on a node that is lost, unless the pod says otherwise. */
function tolerant(own: readonly Fields[]): Fields[] {
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) =>
      !own.some(
        (one) =>
          (one.key === key || one.key === undefined) &&
          (one.effect === undefined || one.effect === 'NoExecute'),
      ),
  );
  const added = missing.map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  return [...own, ...added];
}

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
