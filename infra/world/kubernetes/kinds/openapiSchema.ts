import type { Schema } from './schema.ts';

/** A schema as OpenAPI and CustomResourceDefinitions write it. */
export interface OpenapiSchema {
  $ref?: string;
  allOf?: readonly OpenapiSchema[];
  oneOf?: readonly OpenapiSchema[];
  type?: NonNullable<Schema['type']>;
  format?: string;
  properties?: Readonly<Record<string, OpenapiSchema>>;
  additionalProperties?: OpenapiSchema | boolean;
  items?: OpenapiSchema;
  nullable?: boolean;
  'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  [keyword: string]: unknown;
}

/** Keywords that both sides write alike, by what `Schema` calls them. */
const taken: readonly (readonly [from: string, to: keyof Schema])[] = [
  ['type', 'type'],
  ['format', 'format'],
  ['required', 'required'],
  ['enum', 'enum'],
  ['default', 'default'],
  ['x-kubernetes-list-type', 'listType'],
  ['x-kubernetes-list-map-keys', 'listKeys'],
  ['x-kubernetes-map-type', 'mapType'],
  ['x-kubernetes-patch-strategy', 'patchStrategy'],
  ['x-kubernetes-patch-merge-key', 'patchMergeKey'],
  ['x-kubernetes-preserve-unknown-fields', 'isOpen'],
  ['nullable', 'isNullable'],
  ...(
    [
      'minimum',
      'maximum',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'multipleOf',
      'minLength',
      'maxLength',
      'pattern',
      'minItems',
      'maxItems',
      'uniqueItems',
      'minProperties',
      'maxProperties',
    ] as const
  ).map((name) => [name, name] as const),
];

/** Go types whose JSON is their own affair: OpenAPI does not tell them from an empty object or another string. */
const own: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object', isOpen: true },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object', isOpen: true },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string', format: 'micro-time' },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { format: 'quantity' },
};

const prefix = '#/components/schemas/';

/** `io.k8s.api.core.v1.PodSpec` is `v1.PodSpec` in Go. */
const goType = (name: string): string => name.split('.').slice(-2).join('.');

/** The definitions of one document with their references resolved: equal references are the same object. */
export function resolve(definitions: Readonly<Record<string, OpenapiSchema>>): ReadonlyMap<string, Schema> {
  const named = new Map<string, Schema>(Object.keys(definitions).map((name) => [name, {}]));
  const copies: (() => void)[] = [];

  const convert = (from: OpenapiSchema): Schema => {
    if (from.$ref) return named.get(from.$ref.slice(prefix.length))!;
    const to = convertOne(from, convert);
    const base = from.allOf?.[0]?.$ref;
    if (base) copies.push(() => Object.assign(to, { ...convert({ $ref: base }), ...to }));
    else if (!from.type && !from.oneOf) to.isOpen = true;
    // A struct that has no fields; maps say what their values are.
    else if (from.type === 'object' && !to.values) to.properties ??= {};
    return to;
  };

  for (const [name, definition] of Object.entries(definitions))
    Object.assign(named.get(name)!, own[name] ?? convert(definition), { goType: goType(name) });
  // Only now is what they copy complete: definitions refer to each other in circles.
  for (const copy of copies) copy();
  return named;
}

/** The schema of a custom resource, whose definition states neither the frame of an object nor references. */
export function custom(definition: OpenapiSchema, objectMeta: Schema): Schema {
  const frame = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: objectMeta } as const;
  const convert = (from: OpenapiSchema): Schema => {
    const to = convertOne(from, convert);
    if (from['x-kubernetes-embedded-resource']) to.properties = { ...to.properties, ...frame };
    return to;
  };
  return convert({ ...definition, 'x-kubernetes-embedded-resource': true });
}

function convertOne(from: OpenapiSchema, convert: (part: OpenapiSchema) => Schema): Schema {
  const to: Schema = Object.fromEntries(
    taken.filter(([name]) => from[name] !== undefined).map(([name, as]) => [as, from[name]]),
  );
  if (from['x-kubernetes-int-or-string']) to.format = 'int-or-string';
  if (from.items) to.items = convert(from.items);
  if (from.properties)
    to.properties = Object.fromEntries(
      Object.entries(from.properties).map(([name, property]) => [name, convert(property)]),
    );
  const values = from.additionalProperties;
  if (values) to.values = values === true ? { isOpen: true } : convert(values);
  return to;
}
