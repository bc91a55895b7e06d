import { isEqual } from '../json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../objects.ts';

/** A write that changes nothing but the times of managers changes nothing: no new version of the object comes of it. */
export function withSettledTimes<T extends KubeObject>(before: KubeObject, after: T): T {
  const old = before.metadata.managedFields;
  if (!old?.length || old.length !== after.metadata.managedFields?.length) return after;
  const settled = { ...after, metadata: { ...after.metadata, managedFields: old } };
  const isSame =
    isEqual(old.map(withoutTime), after.metadata.managedFields.map(withoutTime)) && isEqual(before, settled);
  return isSame ? settled : after;
}

const withoutTime = ({ time, ...entry }: ManagedFieldsEntry) => entry;
