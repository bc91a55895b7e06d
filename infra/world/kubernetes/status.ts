/** The `Status` object that Kubernetes answers every failure with. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

export interface Cause {
  reason?: string;
  message?: string;
  field?: string;
}

/** A request ends with this status. The words are those of a real API server: clients and people match on them. */
export class StatusError extends Error {
  readonly status: Status;
  readonly headers: Record<string, string>;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    more: { headers?: Record<string, string>; metadata?: Status['metadata'] } = {},
  ) {
    super(message);
    this.headers = more.headers ?? {};
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: more.metadata ?? {},
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details ? { details } : {}),
      code,
    };
  }
}

/** What messages call a resource: `pods`, `jobs.batch`. */
export interface Named {
  group: string;
  /** The plural. */
  name: string;
}

export const qualified = ({ group, name }: Named): string => (group ? `${name}.${group}` : name);

const detailsOf = (resource: Named, name: string): StatusDetails => ({
  name,
  ...(resource.group ? { group: resource.group } : {}),
  kind: resource.name,
});

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);

/** A resource or an object without a name is left out of the sentence. */
export const forbidden = (
  resource: Named,
  name: string,
  why: string,
  headers: Record<string, string> = {},
) => {
  const what = [qualified(resource), name && `"${name}"`].filter(Boolean).join(' ');
  const details: StatusDetails = {
    ...(name ? { name } : {}),
    ...(resource.group ? { group: resource.group } : {}),
    ...(resource.name ? { kind: resource.name } : {}),
  };
  return new StatusError(
    403,
    'Forbidden',
    what ? `${what} is forbidden: ${why}` : `forbidden: ${why}`,
    details,
    { headers },
  );
};

export const notFound = (resource: Named, name: string) =>
  new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));

/** No such path. */
export const noSuchPath = () =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (resource: Named, name: string, isGoing = false) =>
  new StatusError(
    409,
    'AlreadyExists',
    `${isGoing ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );

export const conflict = (resource: Named, name: string, why: string) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );

export const modified = (resource: Named, name: string) =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const expired = (message: string, metadata?: Status['metadata']) =>
  new StatusError(410, 'Expired', message, undefined, metadata ? { metadata } : {});

/** What the real server did not foresee it passes on as it is: 500 without a reason. */
export const unforeseen = (message: string) => new StatusError(500, undefined, message);

/** A patch that does not apply: why stays in the server. */
export const rejected = () =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export const unsupportedMediaType = (accepted: readonly string[]) =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

export const methodNotAllowed = () =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

/** The words of the layer that compares media types alone, and of the one that heeds their parameters. */
export const noRepresentation = (types: readonly string[]) =>
  new StatusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`,
    {},
  );

export const notAcceptable = (types: readonly string[]) =>
  new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);
