import { isObject, type JsonObject, own } from '../json.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../status.ts';
import { parsePatch } from '../validation/index.ts';

const types = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

/** `strict` is what a strict server refuses in the patch's own text, and another warns of. */
export type Patch = { strict: string[] } & (
  | { kind: 'json'; operations: JsonObject[] }
  | { kind: 'merge' | 'strategic'; patch: JsonObject }
  | { kind: 'apply'; configuration: JsonObject }
);

/** A real server refuses a type it does not take, then what it cannot read, before it looks for the object. */
export function readPatch(
  contentType: string | undefined,
  text: string,
  { isCustom }: { isCustom: boolean },
): Patch {
  const kind = kindNamed(contentType, isCustom);
  if (kind === 'apply') {
    const { value, strict } = parsed(text, yamlProblem, 'yaml');
    return { kind, configuration: configurationFrom(value), strict };
  }
  const { value, strict } = parsed(text, () => 'invalid JSON patch');
  if (kind === 'json') {
    const operations = operationsFrom(value);
    const unknown = operations.flatMap((operation, index) =>
      Object.keys(operation)
        .filter((name) => !fields.has(name))
        .map((name) => `unknown field "[${index}].${name}"`),
    );
    return { kind, operations, strict: [...strict, ...unknown].map((problem) => `json patch ${problem}`) };
  }
  return { kind, patch: mergePatchFrom(value, kind), strict };
}

const fields = new Set(['op', 'path', 'from', 'value']);

function kindNamed(contentType: string | undefined, isCustom: boolean) {
  const accepted = Object.entries(types).filter(([, kind]) => !(isCustom && kind === 'strategic'));
  const [, kind] = accepted.find(([type]) => type === contentType?.split(';')[0]) ?? [];
  if (kind) return kind;
  // Of built-in kinds the router refuses a request before its handler is asked what it takes.
  throw isCustom
    ? unsupportedMediaType(accepted.map(([type]) => type))
    : new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function parsed(text: string, problem: (why: string) => string, format: 'json' | 'yaml' = 'json') {
  try {
    return parsePatch(text, format);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw badRequest(problem(error.message));
  }
}

const yamlProblem = (why: string) => `error encoding patch: ${why}`;

function mergePatchFrom(value: unknown, kind: 'merge' | 'strategic'): JsonObject {
  if (isObject(value)) return value;
  if (value === null) {
    if (kind === 'merge') throw badRequest('Invalid JSON Patch');
    return {};
  }
  throw badRequest(`${kind === 'merge' ? 'error decoding patch: ' : ''}${unreadable(value, mapType)}`);
}

function operationsFrom(value: unknown): JsonObject[] {
  if (value === null) return [];
  const refuse = (what: unknown, into: string) =>
    badRequest(`error decoding patch: ${unreadable(what, into)}`);
  if (!Array.isArray(value)) throw refuse(value, 'value of type []handlers.jsonPatchOp');
  return value.map((operation) => {
    if (operation === null) return {};
    if (!isObject(operation)) throw refuse(operation, 'value of type handlers.jsonPatchOp');
    for (const field of ['op', 'path', 'from']) {
      const found = own(operation, field) ?? '';
      if (typeof found !== 'string') throw refuse(found, `struct field jsonPatchOp.${field} of type string`);
    }
    return operation;
  });
}

function configurationFrom(value: unknown): JsonObject {
  if (isObject(value)) return value;
  if (value === null) return {};
  throw badRequest(
    `error decoding patch: error unmarshaling JSON: while decoding JSON: ${unreadable(value, mapType)}`,
  );
}

const mapType = 'value of type map[string]interface {}';

const unreadable = (value: unknown, into: string) =>
  `json: cannot unmarshal ${jsonType(value)} into Go ${into}`;

const jsonType = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
