import { goText, isEqual, isObject, type JsonObject, own, sortedJson } from '../json.ts';
import type { Patch } from './readPatch.ts';

/**
 * How messages quote a patch whose result is no object of the kind: what it was made of, or what was made of it. Custom
 * resources are maps in Go, whose fields come by name.
 */
export function shownPatch(
  patch: Patch,
  patched: unknown,
  { live, isCustom }: { live: JsonObject; isCustom: boolean },
): string {
  if (patch.kind === 'strategic') return goText(patch.patch);
  return isCustom ? sortedJson(patched) : JSON.stringify(inGoOrder(patched, live));
}

const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** What a patch touched is a map of Go, whose fields come by name; the rest is still in the order of its type. */
function inGoOrder(patched: unknown, live: JsonObject): unknown {
  if (!isObject(patched)) return patched;
  const fields = Object.entries(patched).map(([name, field]) => {
    const was = own(live, name);
    if (isEqual(was, field)) return [name, name === 'metadata' ? inTypeOrder(field) : field] as const;
    return [name, inGoOrder(field, isObject(was) ? was : {})] as const;
  });
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function inTypeOrder(metadata: unknown): unknown {
  if (!isObject(metadata)) return metadata;
  const fields = Object.entries(metadata);
  return Object.fromEntries(
    fields.sort(([one], [other]) => metadataOrder.indexOf(one) - metadataOrder.indexOf(other)),
  );
}
