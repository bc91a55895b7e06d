import { managerNamed } from '../ownership/index.ts';
import { badRequest, type Cause, StatusError } from '../status.ts';
import type { Call } from './call.ts';

/** How the caller wants a write to be done. */
export interface WriteOptions {
  isDryRun: boolean;
  /** Who is told to own the fields: what the client says, else the first word of its user agent. */
  manager: string;
}

export function writeOptions({ request }: Call, options: string): WriteOptions {
  const { query, headers } = request;
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
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
  return /^\P{C}*$/u.test(manager)
    ? []
    : [invalid(`Invalid value: ${JSON.stringify(manager)}: should only contain printable characters`)];
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

/** A JSON body that is no object of a kind: of a subresource, of a delete. */
export function plainBody({ request }: Call): Record<string, unknown> {
  const text = Buffer.from(request.body).toString('utf8');
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
  throw badRequest(
    `couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct`,
  );
}
