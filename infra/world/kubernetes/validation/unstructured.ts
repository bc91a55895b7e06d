import type { Schema } from '../kinds/schema.ts';
import type { Source } from './source.ts';
import { type Decoded, decodeTyped } from './typed.ts';

/**
 * Decodes a custom resource: any JSON, whose metadata is typed and whose unknown fields are pruned by the structural
 * schema of its definition. Wrong types are left for validation to report.
 */
export function decodeUnstructured(source: Source, schema: Schema | undefined, metadata: Schema): Decoded {
  const strict: string[] = [];
  const { value, strict: duplicates } = decodeTyped(source, { isOpen: true });
  strict.push(...duplicates);
  const object = value as Record<string, unknown>;

  const members = source.is === 'object' ? source.members : [];
  const written = members.findLast(([key]) => key === 'metadata')?.[1];
  if (written) {
    const decoded = decodeTyped(written, metadata);
    object.metadata = decoded.value;
    strict.push(
      ...decoded.strict.map((problem) => problem.replace(/^(unknown|duplicate) field "/, '$&metadata.')),
    );
  }
  if (schema) {
    const unknown: string[] = [];
    prune(object, schema, '', unknown, true);
    strict.push(...unknown.sort().map((path) => `unknown field ${JSON.stringify(path)}`));
    dropNulls(object, schema);
  }
  return { value: object, strict: [...new Set(strict)] };
}

const ofEveryObject = new Set(['apiVersion', 'kind', 'metadata']);

function prune(value: unknown, schema: Schema, path: string, unknown: string[], isRoot = false): void {
  if (schema.isOpen && !schema.properties) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      prune(item, schema.items ?? {}, `${path}[${index}]`, unknown);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (isRoot && ofEveryObject.has(key)) continue;
    const below = path ? `${path}.${key}` : key;
    const field = schema.properties?.[key] ?? schema.values;
    if (field) prune(fields[key], field, below, unknown);
    else if (!schema.isOpen) {
      unknown.push(below);
      delete fields[key];
    }
  }
}

/** A null that the schema neither allows nor replaces by a default is as good as absent; defaulting replaces the rest. */
function dropNulls(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, schema.items ?? {});
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const [key, of] of Object.entries(fields)) {
    const field = schema.properties?.[key] ?? schema.values;
    if (!field) continue;
    if (of === null && !field.isNullable && field.default === undefined) delete fields[key];
    else dropNulls(of, field);
  }
}
