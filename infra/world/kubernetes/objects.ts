/** An object as the store keeps it: kind and apiVersion depend on the version that is asked for. */
export interface StoredObject {
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Any Kubernetes object as JSON. Only its frame is typed: the simulation treats all kinds alike, by their schema. */
export interface KubeObject extends StoredObject {
  apiVersion: string;
  kind: string;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldsV1;
  subresource?: string;
}

/** `f:NAME`, `k:{"key":…}`, `v:VALUE` and `.` as keys, sets of the same as values. */
export interface FieldsV1 {
  [path: string]: FieldsV1;
}

export interface User {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}
