import { isObject, type JsonObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { managerNamed } from '../ownership/index.ts';
import { badRequest, type Cause, StatusError } from '../status.ts';
import { Mismatch } from '../validation/formats.ts';
import { parseJson, SyntaxProblem } from '../validation/source.ts';
import { decodeTyped } from '../validation/typed.ts';
import type { Call } from './call.ts';

/** How the caller wants a write to be done. */
export interface WriteOptions {
  isDryRun: boolean;
  /** Who is told to own the fields: what the client says, else the first word of its user agent. */
  manager: string;
}

export function writeOptions({ request }: Call, options: string): WriteOptions {
  const { query, headers } = request;
  const dryRun = query.getAll('dryRun');
  const causes = [...checkDryRun(dryRun), ...checkManager(query.get('fieldManager') ?? '')];
  if (causes.length > 0) throw invalidOptions(options, causes);
  const manager = managerNamed(query.get('fieldManager') ?? undefined, headers['user-agent']);
  return { isDryRun: dryRun.length > 0, manager };
}

export const checkDryRun = (dryRun: readonly string[]): Cause[] =>
  dryRun.every((value) => value === 'All')
    ? []
    : [
        {
          reason: 'FieldValueNotSupported',
          message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
          field: 'dryRun',
        },
      ];

function checkManager(manager: string): Cause[] {
  const invalid = (message: string): Cause => ({
    reason: 'FieldValueInvalid',
    message,
    field: 'fieldManager',
  });
  if (manager.length > 128)
    return [
      {
        reason: 'FieldValueTooLong',
        message: 'Too long: may not be more than 128 bytes',
        field: 'fieldManager',
      },
    ];
  for (const [at, character] of [...manager].entries())
    if (/\p{C}/u.test(character)) return [invalid(unprintable(manager, character, at))];
  return [];
}

/** As Go quotes and numbers them. */
function unprintable(manager: string, character: string, at: number): string {
  const code = character.codePointAt(0)!.toString(16);
  const shown = JSON.stringify(manager).replaceAll(/\\u00([0-9a-f]{2})/g, '\\x$1');
  return `Invalid value: ${shown}: invalid character U+${code.toUpperCase().padStart(4, '0')} (at position ${at})`;
}

/** `options` is the kind that the API calls them by: `CreateOptions`. */
export function invalidOptions(options: string, causes: Cause[]): StatusError {
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  const all = said.length === 1 ? said[0] : `[${said.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${options}.meta.k8s.io "" is invalid: ${all}`, {
    group: 'meta.k8s.io',
    kind: options,
    causes,
  });
}

/** A JSON body that is no object of a kind: of a subresource, of a delete. With a schema its types are checked. */
export function plainBody({ request }: Call, schema: Schema = { isOpen: true }): JsonObject {
  try {
    const body = decodeTyped(parseJson(Buffer.from(request.body).toString('utf8')), schema).value;
    if (isObject(body)) return body;
  } catch (error) {
    if (error instanceof Mismatch) throw badRequest(error.message);
    if (!(error instanceof SyntaxProblem)) throw error;
    throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
  }
  throw badRequest(
    "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct",
  );
}

export function integerIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
