import { StoreRefused, StoreUnanswered } from './table.ts';

export const isConditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** What an operator can act on, by the name that the API gives the error. */
const reasons: Record<string, string> = {
  ResourceNotFoundException: 'there is no such table',
  AccessDeniedException: 'access denied',
  UnrecognizedClientException: 'the credentials are not known',
  InvalidSignatureException: 'the credentials are not right',
  MissingAuthenticationTokenException: 'credentials are missing',
  ExpiredTokenException: 'the credentials have expired',
  CredentialsProviderError: 'no credentials were found',
};

/** Told by the API to come later: the SDK has tried again and given up. */
const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
]);

/**
 * Where nothing clear was answered, a write may have happened. Throttling counts as that: an earlier try of the
 * same call may have been applied.
 */
export function storeError(operation: string, error: unknown): StoreRefused | StoreUnanswered {
  if (error instanceof StoreRefused || error instanceof StoreUnanswered) return error;
  const cause = asCause(error);
  const known = reasons[cause.name];
  if (known) return new StoreRefused(operation, known, cause);
  if (cause.fault !== 'client' || throttled.has(cause.name)) return new StoreUnanswered(operation, cause);
  if (cause.status === 413 || /item size/i.test(cause.message)) {
    return new StoreRefused(operation, 'the item is too large', cause);
  }
  return new StoreRefused(operation, `the request is not valid (${cause.name})`, cause);
}

/** What is worth logging of the SDK's error, which as a whole drags its request, headers and sockets along. */
function asCause(error: unknown) {
  const { name, message, code, $fault, $metadata } = error as Error & {
    code?: string;
    $fault?: string;
    $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number };
  };
  return {
    name: String(name),
    message: String(message),
    code,
    fault: $fault,
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
    attempts: $metadata?.attempts,
  };
}
