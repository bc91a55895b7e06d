import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isHttps } from './address.ts';
import type { AppEnv } from './appEnv.ts';

/** An answer may only be what it says it is, is framed nowhere, and tells no one where the reader came from. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const headers = c.res.headers;
  const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
  if (!headers.has('content-security-policy')) {
    headers.set(
      'content-security-policy',
      isPage ? pagePolicy : "default-src 'none'; frame-ancestors 'none'",
    );
  }
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-frame-options', 'DENY');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
  if (isHttps(c)) headers.set('strict-transport-security', 'max-age=31536000');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
};

/** Pages carry no script and no style but what this server serves as files. */
const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Off unless origins are named. Never with credentials: other pages may use tokens, not a browser's session. */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<AppEnv> | undefined {
  if (origins.length === 0) return undefined;
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'If-Match',
      'If-None-Match',
      'Idempotency-Key',
      'Accept-Language',
    ],
    exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
}
