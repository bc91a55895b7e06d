import type { MiddlewareHandler } from 'hono';
import { fail } from '../errors.ts';

const ownNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Any page in a browser can send requests to loopback. One that got there by a name of its own (DNS rebinding) says
 * so in Host; one that sends a form from elsewhere says so in Origin or Sec-Fetch-Site, which no script can forge.
 * Programs send neither: who can run programs here needs no page.
 */
export const ownPageOnly: MiddlewareHandler = async (c, next) => {
  const { host = '', origin, 'sec-fetch-site': site } = c.req.header();
  const isChange = c.req.method !== 'GET' && c.req.method !== 'HEAD';
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) || (site !== undefined && site !== 'same-origin');
  if (!ownNames.test(host) || (isChange && isForeign)) throw fail('WORLD_FOREIGN_PAGE');
  await next();
  c.header(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'same-origin');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('cache-control', 'no-store');
};
