import type { Resource } from '../kinds/kinds.ts';
import { type FieldSet, isEmpty, type Path, recursiveDifference, setOf } from './fieldSet.ts';

/**
 * What a request to a resource or subresource cannot own, since the server resets it: fields with all below them, or
 * all but some, where `*` is any element.
 */
export type ResetFields = { fields: readonly Path[] } | { allBut: readonly Path[] };

export function filtered(set: FieldSet, reset: ResetFields | undefined): FieldSet {
  if (!reset) return set;
  return 'fields' in reset ? recursiveDifference(set, setOf(...reset.fields)) : only(set, reset.allBut);
}

function only(set: FieldSet, patterns: readonly Path[]): FieldSet {
  if (patterns.some((pattern) => pattern.length === 0)) return set;
  const matching = (element: string) => patterns.filter(([first]) => first === '*' || first === element);
  const children = [...set.children]
    .map(([element, child]) => {
      const rest = matching(element).map((pattern) => pattern.slice(1));
      return [element, rest.length ? only(child, rest) : undefined] as const;
    })
    .flatMap(([element, child]) => (child && !isEmpty(child) ? [[element, child] as const] : []));
  return {
    members: new Set([...set.members].filter((element) => matching(element).length)),
    children: new Map(children),
  };
}

const reset = (...fields: string[]): ResetFields => ({
  fields: fields.map((field) => field.split('.').map((name) => `f:${name}`)),
});

const containerFields = (...fields: string[]): ResetFields => ({
  allBut: ['containers', 'initContainers'].flatMap((list) =>
    fields.map((field) => ['f:spec', `f:${list}`, '*', `f:${field}`]),
  ),
});

/** Where a kind differs from `status` on the resource and `spec` on its status. */
const exceptions: Readonly<Record<string, ResetFields>> = {
  'certificatesigningrequests.certificates.k8s.io': reset('spec', 'status'),
  'certificatesigningrequests.certificates.k8s.io/status': reset('spec', 'status.conditions'),
  'certificatesigningrequests.certificates.k8s.io/approval': reset('spec', 'status.certificate'),
  'deployments.apps/status': reset('spec', 'metadata.labels'),
  'namespaces/finalize': reset('status'),
  'pods/ephemeralcontainers': { allBut: [['f:spec', 'f:ephemeralContainers']] },
  'pods/resize': containerFields('resources', 'resizePolicy'),
  'pods/status': reset('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
};

/** Groups whose status requests reset metadata too, as those of all custom resources do. */
const resettingMetadata = [
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
];

/** Taken from the strategies in the real server's sources: neither discovery nor OpenAPI tells them. */
export function resetFieldsOf(
  { group, name, subresources, isCustom }: Pick<Resource, 'group' | 'name' | 'subresources' | 'isCustom'>,
  subresource: string,
): ResetFields | undefined {
  const qualified = group ? `${name}.${group}` : name;
  const exception = exceptions[subresource ? `${qualified}/${subresource}` : qualified];
  if (exception) return exception;
  if (!subresources.some((sub) => sub.name === 'status')) return undefined;
  if (subresource === '') return reset('status');
  if (subresource !== 'status') return undefined;
  return isCustom || resettingMetadata.includes(group) || name === 'servicecidrs'
    ? reset('metadata', 'spec')
    : reset('spec');
}
