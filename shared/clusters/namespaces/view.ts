import type { KubeObject } from '#kubernetes';
import { ownersOf } from './owners.ts';

/** A namespace as the cluster has it now. */
export interface LiveNamespace {
  name: string;
  uid: string;
  phase: 'Active' | 'Terminating';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  createdAt: string | null;
  /** Who owns each label and annotation: kubectl, a controller, Drover. Unowned ones stand in neither. */
  owners: { labels: Record<string, string[]>; annotations: Record<string, string[]> };
}

/** What kubectl keeps for itself: all of the object again. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface NamespaceMetadata {
  name: string;
  uid: string;
  resourceVersion: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
}

export const metadataOf = (object: KubeObject) => object.metadata as NamespaceMetadata;

export function viewOf(object: KubeObject): LiveNamespace {
  const {
    name,
    uid,
    labels = {},
    annotations = {},
    creationTimestamp,
    deletionTimestamp,
  } = metadataOf(object);
  const { [lastApplied]: _, ...shown } = annotations;
  const named = (of: 'labels' | 'annotations') =>
    Object.fromEntries(
      [...ownersOf(object, of)].map(([key, owners]) => [
        key,
        [...new Set(owners.map(({ manager }) => manager))],
      ]),
    );
  return {
    name,
    uid,
    phase: deletionTimestamp === undefined ? 'Active' : 'Terminating',
    labels,
    annotations: shown,
    createdAt: creationTimestamp ?? null,
    owners: { labels: named('labels'), annotations: named('annotations') },
  };
}
