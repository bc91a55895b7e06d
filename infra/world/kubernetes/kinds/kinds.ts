import type { Schema } from './schema.ts';

/** One resource in one version, as discovery lists it, with what it takes to serve it. */
export interface Resource {
  group: string;
  version: string;
  /** The plural: `pods`. */
  name: string;
  singular: string;
  kind: string;
  listKind: string;
  isNamespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  subresources: readonly Subresource[];
  /** Absent where nothing is known of the fields; then everything is kept as it is. */
  schema?: Schema;
  columns: readonly Column[];
  /** From a CustomResourceDefinition: its list items carry kind and apiVersion, and strategic merge is refused. */
  isCustom: boolean;
}

export interface Subresource {
  /** `status`, `scale`, `token`, … */
  name: string;
  /** Of what is sent and answered, where it is not the resource itself: autoscaling/v1 Scale. */
  group: string;
  version: string;
  kind: string;
  verbs: readonly string[];
}

/** A column of `kubectl get`, as the server's own Table names it. */
export interface Column {
  name: string;
  type: string;
  format: string;
  description: string;
  /** 0 is shown always, more only with `-o wide`. */
  priority: number;
  /** Of a custom resource: where the cell's value stands. */
  jsonPath?: string;
}
