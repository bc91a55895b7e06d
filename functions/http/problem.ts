import { DroverError, type Language, say } from '#errors';
import type { Log } from '#reconcile';
import { StoreUnanswered } from '#store';
import type { AppContext } from './appEnv.ts';
import { httpError } from './errors.ts';

/** RFC 9457, with Drover's members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  remedy: string;
  requestId: string;
  errors: { path: string; code: string; message: string }[];
  /** The evidence of some codes. */
  [member: string]: unknown;
}

export function problemOf(error: DroverError, requestId: string, language: Language): Problem {
  const { entry, values, code } = error;
  return {
    ...error.members,
    type: `urn:drover:problem:${code}`,
    title: say(entry.title, language, values),
    status: entry.status,
    detail: say(entry.message, language, values),
    code,
    remedy: say(entry.remedy, language, values),
    requestId,
    errors: error.fields.map(({ path, code: fault, message }) => ({
      path,
      code: fault,
      message: typeof message === 'string' ? message : message[language],
    })),
  };
}

/** The one place where an error becomes an answer. What is not a DroverError is logged, and told as INTERNAL. */
export function answerError(c: AppContext, thrown: unknown, log: Log): Response {
  const error = knownError(thrown);
  const requestId = c.get('requestId');
  if (error.entry.status >= 500) {
    log.error('request failed', { requestId, route: c.get('route'), code: error.code, error: thrown });
  }
  return problemResponse(c, error);
}

export function problemResponse(
  c: AppContext,
  error: DroverError,
  headers: Record<string, string> = {},
): Response {
  const language = c.get('language');
  return new Response(JSON.stringify(problemOf(error, c.get('requestId'), language)), {
    status: error.entry.status,
    headers: {
      'content-type': 'application/problem+json',
      'content-language': language,
      ...(error.entry.status === 401 ? { 'www-authenticate': 'Bearer realm="drover"' } : {}),
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      ...headers,
    },
  });
}

function knownError(thrown: unknown): DroverError {
  if (thrown instanceof DroverError) return thrown;
  if (thrown instanceof StoreUnanswered) {
    return httpError('STORE_UNANSWERED', {}, { cause: thrown, retryAfterSeconds: 2 });
  }
  return httpError('INTERNAL', {}, { cause: thrown });
}
