import type { DroverError, FieldError } from '#errors';
import { redactText } from '#log';
import { netError } from '#net';
import type { KubeAnswer } from './access.ts';
import { contentTypeOf, isJson } from './answer.ts';
import { kubernetesError } from './errors.ts';
import { notKubernetes } from './notKubernetes.ts';

/** What of a `Status` is used. All of it is the server's word, so each part may be anything. */
interface Status {
  message: string;
  reason: string;
  causes: { field: string; reason: string; message: string }[];
}

/** What is wrong by the status and body of an answer; undefined where the cluster did what was asked. */
export function problemOf(answer: KubeAnswer): DroverError | undefined {
  const { status, asked } = answer;
  const said = statusIn(answer);
  const values = { ...asked, status, reason: said?.message ?? contentTypeOf(answer).slice(0, 60) };
  if (status < 300) return isPage(answer) ? notKubernetes(answer) : undefined;
  if (status < 400) return netError('REDIRECTED', { host: asked.host, port: asked.port, status });
  if (status >= 500) return kubernetesError('HTTP_5XX', values, retryAfter(answer));
  switch (status) {
    case 407:
      return netError('PROXY_AUTH_REQUIRED', { host: asked.host, port: asked.port });
    case 429:
      return kubernetesError('THROTTLED', { ...values, ...flowOf(answer) }, retryAfter(answer));
    case 404:
      return said || isPlainNotFound(answer)
        ? kubernetesError('OBJECT_NOT_FOUND', values)
        : notKubernetes(answer);
  }
  if (!said) return notKubernetes(answer);
  switch (status) {
    case 401:
      return kubernetesError('AUTH_REJECTED', values);
    case 403:
      return forbidden(said, values);
    case 409:
      return kubernetesError(said.reason === 'AlreadyExists' ? 'OBJECT_EXISTS' : 'OBJECT_CONFLICT', values);
    case 410:
      return kubernetesError('LIST_EXPIRED', values);
    default:
      return kubernetesError('OBJECT_INVALID', values, { fields: said.causes.map(fieldOf) });
  }
}

const isPage = (answer: KubeAnswer): boolean => /^text\/html\b/i.test(contentTypeOf(answer));

/** An API server's words for a path that it does not serve, such as a group that is not installed. */
function isPlainNotFound({ body, asked }: KubeAnswer): boolean {
  // These every API server has.
  if (/^\/(?:version|api|apis)\/?$/.test(asked.path)) return false;
  return body.length < 40 && Buffer.from(body).toString('latin1').trim() === '404 page not found';
}

/** In the words of RBAC; what other admission refuses is not worded so. */
function forbidden({ message }: Status, values: Record<string, string | number>): DroverError {
  const [, user, verb, what] = /User "([^"]*)" cannot (\S+) (?:resource|path) "([^"]*)"/.exec(message) ?? [];
  if (user === 'system:anonymous') return kubernetesError('CREDENTIALS_NOT_PRESENTED', values);
  if (!user || !verb || !what) return kubernetesError('REQUEST_REFUSED', values);
  const [, group] = /in API group "([^"]+)"/.exec(message) ?? [];
  const [, namespace] = /in the namespace "([^"]+)"/.exec(message) ?? [];
  return kubernetesError('PERMISSION_MISSING', {
    ...values,
    user,
    permissions: `${verb} ${group ? `${what}.${group}` : what}${namespace ? ` in ${namespace}` : ''}`,
  });
}

function flowOf({ headers }: KubeAnswer): Record<string, string> {
  const uid = (name: string) => String(headers[name] ?? '').slice(0, 36);
  return {
    flowSchema: uid('x-kubernetes-pf-flowschema-uid'),
    priorityLevel: uid('x-kubernetes-pf-prioritylevel-uid'),
  };
}

/** The API server gives seconds; a date, which others may give, is left out. */
/** Who asks to be left alone for a day is asked again all the same, or nobody would know how it is. */
const longestWait = 300;

function retryAfter({ headers }: KubeAnswer): { retryAfterSeconds?: number } {
  const given = String(headers['retry-after'] ?? '');
  return /^\d{1,5}$/.test(given) ? { retryAfterSeconds: Math.min(Number(given), longestWait) } : {};
}

const longestMessage = 300;

function statusIn(answer: KubeAnswer): Status | undefined {
  if (answer.status < 400 || !isJson(answer)) return undefined;
  let body: unknown;
  try {
    body = answer.json();
  } catch {
    // Cut short: the status alone is known.
    return undefined;
  }
  if (!isObject(body) || body.kind !== 'Status') return undefined;
  const causes = isObject(body.details) && Array.isArray(body.details.causes) ? body.details.causes : [];
  return {
    message: textOf(body.message),
    reason: textOf(body.reason),
    causes: causes
      .filter(isObject)
      .slice(0, 20)
      .map(({ field, reason, message }) => ({
        field: textOf(field),
        reason: textOf(reason),
        message: textOf(message),
      })),
  };
}

const fieldOf = ({ field, reason, message }: Status['causes'][number]): FieldError => ({
  path: field,
  code: reason,
  message,
});

/** A server may say anything, a secret that it was sent included. */
const textOf = (given: unknown): string =>
  typeof given === 'string' ? redactText(given.replace(/\p{Cc}+/gu, ' '), longestMessage) : '';

const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null;
