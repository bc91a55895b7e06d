import { parse } from 'yaml';
import { isObject, type JsonObject, own } from '../json.ts';
import { badRequest, unsupportedMediaType } from '../status.ts';

const types = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

export type Patch =
  | { kind: 'json'; operations: JsonObject[] }
  | { kind: 'merge' | 'strategic'; patch: JsonObject }
  | { kind: 'apply'; configuration: JsonObject };

/** A real server refuses a type it does not take, then what it cannot read, before it looks for the object. */
export function readPatch(
  contentType: string | undefined,
  body: Uint8Array,
  { isCustom }: { isCustom: boolean },
): Patch {
  const type = contentType?.split(';')[0] ?? '';
  const accepted = Object.keys(types).filter(
    (name) => !isCustom || types[name as keyof typeof types] !== 'strategic',
  );
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  const kind = types[type as keyof typeof types];
  const text = new TextDecoder().decode(body);
  if (kind === 'apply') return { kind, configuration: configurationOf(text) };

  const value = parsed(text);
  if (kind === 'json') return { kind, operations: operationsOf(value) };
  if (value === null) {
    if (kind === 'merge') throw badRequest('Invalid JSON Patch');
    return { kind, patch: {} };
  }
  if (isObject(value)) return { kind, patch: value };
  const why = `json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`;
  throw badRequest(kind === 'merge' ? `error decoding patch: ${why}` : why);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalid JSON patch');
  }
}

function operationsOf(value: unknown): JsonObject[] {
  if (value === null) return [];
  const cannot = (what: unknown, into: string) =>
    badRequest(`error decoding patch: json: cannot unmarshal ${jsonType(what)} into Go ${into}`);
  if (!Array.isArray(value)) throw cannot(value, 'value of type []handlers.jsonPatchOp');
  return value.map((operation) => {
    if (operation === null) return {};
    if (!isObject(operation)) throw cannot(operation, 'value of type handlers.jsonPatchOp');
    for (const field of ['op', 'path', 'from']) {
      const found = own(operation, field) ?? '';
      if (typeof found !== 'string') throw cannot(found, `struct field jsonPatchOp.${field} of type string`);
    }
    return operation;
  });
}

/** YAML 1.1 is what the server's library reads: `yes` is true. */
function configurationOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = parse(text, { version: '1.1', merge: true }) ?? {};
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw badRequest(`error encoding patch: error converting YAML to JSON: yaml: ${why}`);
  }
  if (isObject(value)) return value;
  throw badRequest(
    `error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
  );
}

const jsonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
