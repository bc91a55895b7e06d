import type { AppContext } from './appEnv.ts';

/**
 * Who is at the other end, as the gateway saw it. X-Forwarded-For is never read: anyone can send it, and a wrong
 * address in the audit trail, or a way round the count of failed sign-ins, is worse than a proxy's own address.
 */
export function sourceAddress(c: AppContext): string {
  const context = c.env?.event?.requestContext;
  if (context && 'http' in context) return context.http.sourceIp;
  return c.env?.address ?? 'unknown';
}

/** The gateway says how it was called; the URL does not: the adapter always writes https into it. */
export function isHttps(c: AppContext): boolean {
  if (c.env?.event) return c.req.header('x-forwarded-proto') === 'https';
  return new URL(c.req.url).protocol === 'https:';
}

/** `drover.example:8080`, as the browser names it. */
export const hostOf = (c: AppContext): string => c.req.header('host') ?? new URL(c.req.url).host;
