import { isObject, type JsonObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import type { KubeObject } from '../objects.ts';
import { alwaysPrinted, isListed } from '../validation/goTypes.ts';

/**
 * What a real server compares a new object with: an empty value of the kind's Go type, which holds each of its structs
 * and whatever is never left out. A custom resource has no such type.
 */
export function blank(
  schema: Schema | undefined,
  { apiVersion, kind, isCustom }: { apiVersion: string; kind: string; isCustom: boolean },
): KubeObject {
  return { ...(isCustom ? {} : blankFields(schema)), apiVersion, kind, metadata: {} };
}

function blankFields(schema: Schema | undefined): JsonObject {
  const fields: JsonObject = {};
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    if (isObject(field.default)) fields[name] = blankFields(field);
    else if (schema?.required?.includes(name) || isListed(alwaysPrinted, schema?.goType, name))
      fields[name] = field.default ?? null;
  }
  return fields;
}
