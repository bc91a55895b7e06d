import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import { targetOf } from '../kubernetes/http/target.ts';
import { expired, qualified, StatusError } from '../kubernetes/status.ts';
import type { RequestFault } from './fault.ts';

type Of<Kind extends RequestFault['kind']> = Extract<RequestFault, { kind: Kind }>;

export function statusAnswer({ code, retryAfterSeconds }: Of<'status'>, request: ApiRequest): ApiAnswer {
  const retry: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  switch (code) {
    case 401:
      return answerOf(new StatusError(401, 'Unauthorized', 'Unauthorized'));
    case 403:
      return answerOf(forbidden(request));
    case 429:
      // Priority and fairness answer so, without a Status.
      return textAnswer(429, 'Too many requests, please try again later.\n', {
        'retry-after': '1',
        ...retry,
      });
    case 500:
      return answerOf(
        new StatusError(500, undefined, 'etcdserver: request timed out', undefined, { headers: retry }),
      );
    case 503:
      return answerOf(
        new StatusError(503, 'ServiceUnavailable', 'etcdserver: leader changed', undefined, {
          headers: retry,
        }),
      );
    case 504:
      return answerOf(
        new StatusError(
          504,
          'Timeout',
          'Timeout: request did not complete within the requested timeout - context deadline exceeded',
          {},
          { headers: retry },
        ),
      );
  }
}

/** In the words of RBAC, about whoever the request's credentials name. */
function forbidden(request: ApiRequest): StatusError {
  const { verb, path, resource } = targetOf(request);
  const user =
    request.certificateUser?.name ?? subjectOf(request.headers.authorization) ?? 'system:anonymous';
  if (!resource) {
    return new StatusError(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"`, {});
  }
  const { group, name, namespace, objectName, subresource } = resource;
  const what = subresource ? `${name}/${subresource}` : name;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const subject = `${qualified({ group, name })}${objectName ? ` "${objectName}"` : ''} is forbidden`;
  return new StatusError(
    403,
    'Forbidden',
    `${subject}: User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
    { ...(objectName && { name: objectName }), ...(group && { group }), kind: name },
  );
}

/** Not verified: it is refused in any case. */
function subjectOf(authorization = ''): string | undefined {
  const [, claims] = /^bearer [^.]+\.([^.]+)\.[^.]+$/i.exec(authorization) ?? [];
  if (claims === undefined) return authorization === '' ? undefined : 'kubernetes-admin';
  try {
    const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

export const continueExpired = (): ApiAnswer =>
  answerOf(
    expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    ),
  );

/** As a proxy whose upstream is away, or a login that takes everything. */
export function htmlAnswer({ code }: Of<'html'>): ApiAnswer {
  const title = code === 200 ? 'Sign in' : `${code} ${code === 502 ? 'Bad Gateway' : 'Error'}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status: code, headers: { 'content-type': 'text/html', server: 'nginx' }, body };
}

export const redirectAnswer = ({ to, code = 302 }: Of<'redirect'>): ApiAnswer => ({
  status: code,
  headers: { location: to, 'content-type': 'text/html; charset=utf-8' },
  body: `<a href="${to.replace(/[<>&"]/g, encodeURIComponent)}">Found</a>.\n\n`,
});

export const proxyAuthenticationAnswer = (): ApiAnswer =>
  textAnswer(407, 'Proxy Authentication Required\n', { 'proxy-authenticate': 'Basic realm="proxy"' });

/** The aggregator's words for an API that it cannot reach. */
export const serviceUnavailable = (): ApiAnswer => textAnswer(503, 'service unavailable\n');

const answerOf = ({ status, headers }: StatusError): ApiAnswer => ({
  status: status.code,
  headers: { 'content-type': 'application/json', ...headers },
  body: `${JSON.stringify(status)}\n`,
});

export const textAnswer = (
  status: number,
  body: string,
  headers: Record<string, string> = {},
): ApiAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
  body,
});
