/**
 * What a value may be, as the real server's OpenAPI says it. References are resolved when the data is loaded, so a
 * schema may contain itself (JSONSchemaProps does): never walk one without a value beside it.
 */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** `int32`, `int64`, `double`, `date-time`, `byte`; `int-or-string` and `quantity` for those two. */
  format?: string;
  properties?: Readonly<Record<string, Schema>>;
  /** Of a map: what each value is. */
  values?: Schema;
  /** Of a list: what each item is. */
  items?: Schema;
  required?: readonly string[];
  enum?: readonly string[];
  default?: unknown;
  /** `x-kubernetes-list-type`; absent is atomic. */
  listType?: 'atomic' | 'set' | 'map';
  listKeys?: readonly string[];
  /** `x-kubernetes-map-type`; absent is granular. */
  mapType?: 'atomic' | 'granular';
  /** Of a strategic merge patch: `merge`, `replace`, `retainKeys`, or `merge,retainKeys`. */
  patchStrategy?: string;
  patchMergeKey?: string;
  /** `x-kubernetes-preserve-unknown-fields`, and every place where any JSON may stand. */
  isOpen?: boolean;
  /** What Go calls a named definition: `v1.PodSpec`. Decoding errors name it. */
  goType?: string;
  /** Only custom resources state what follows; built-in kinds check it in code. */
  isNullable?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
}
