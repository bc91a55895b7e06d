import type { KubeObject } from '../objects.ts';
import type { ScalePaths } from './kinds.ts';
import type { OpenapiSchema } from './openapiSchema.ts';

/** A CustomResourceDefinition after its defaults. */
export interface Definition extends KubeObject {
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: Names;
    versions: readonly DefinedVersion[];
  };
  /** Each field may be missing: it is filled by writes of the server itself. */
  status?: Partial<DefinitionStatus>;
}

export interface Names {
  plural: string;
  singular?: string;
  kind: string;
  listKind?: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
}

export interface DefinedVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: OpenapiSchema };
  subresources?: {
    status?: object;
    scale?: ScalePaths;
  };
  additionalPrinterColumns?: readonly {
    name: string;
    type: string;
    format?: string;
    description?: string;
    priority?: number;
    jsonPath: string;
  }[];
  selectableFields?: readonly { jsonPath: string }[];
}

export interface DefinitionStatus {
  conditions: readonly Condition[] | null;
  acceptedNames: Names;
  /** Null as Go writes a new one. */
  storedVersions: readonly string[] | null;
}

export interface Condition {
  type: string;
  status: 'True' | 'False';
  lastTransitionTime: string;
  reason: string;
  message: string;
}
