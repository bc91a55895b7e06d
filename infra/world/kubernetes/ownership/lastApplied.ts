import { isObject, type JsonObject, sortedJson } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import type { KubeObject } from '../objects.ts';
import { compare } from './compare.ts';
import { difference, emptySet, type FieldSet } from './fieldSet.ts';
import { fieldsOf } from './fieldsOf.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields that `kubectl apply` wrote on the client's side and that nobody changed since. */
export function allowedByLastApplied(
  live: KubeObject,
  { schema, apiVersion }: { schema: Schema | undefined; apiVersion: string },
): FieldSet {
  const last = configurationIn(live.metadata.annotations?.[annotation]);
  if (!last || last.apiVersion !== apiVersion) return emptySet;
  const { modified, added, removed } = compare(last, live, schema);
  return [modified, added, removed].reduce(difference, fieldsOf(last, schema));
}

function configurationIn(text: string | undefined): JsonObject | undefined {
  if (!text) return undefined;
  try {
    const last: unknown = JSON.parse(text);
    return isObject(last) ? last : undefined;
  } catch {
    return undefined;
  }
}

/** The annotation follows what is applied, so that `kubectl apply` can be gone back to. */
export function withLastApplied(
  object: KubeObject,
  config: JsonObject,
  { manager }: { manager: string },
): KubeObject {
  const annotations = object.metadata.annotations;
  if (manager !== 'kubectl' || !annotations?.[annotation]) return object;
  const text = `${sortedJson(withoutAnnotation(config))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

function withoutAnnotation(config: JsonObject): JsonObject {
  if (!isObject(config.metadata) || !isObject(config.metadata.annotations)) return config;
  const { [annotation]: _, ...annotations } = config.metadata.annotations;
  return { ...config, metadata: { ...config.metadata, annotations } };
}
