import { getCookie } from 'hono/cookie';
import {
  type Attempt,
  type Authenticator,
  authError,
  type Caller,
  type Denials,
  type Role,
  requireRole,
} from '#auth';
import { DroverError } from '#errors';
import { hostOf, isHttps, sourceAddress } from './address.ts';
import type { AppContext } from './appEnv.ts';

/**
 * `__Host-`: set by this very host over https and no other; browsers refuse it over plain http. There the port is in
 * the name, because cookies know none: two local runs would sign each other's browsers out.
 */
export function sessionCookie(c: AppContext): string {
  if (isHttps(c)) return '__Host-drover';
  const port = /:(\d+)$/.exec(hostOf(c))?.[1];
  return port === undefined ? 'drover' : `drover-${port}`;
}

/** The one way in: who calls, whether a cookie's write comes from our own page, and whether the role is enough. */
export async function admit(c: AppContext, authenticator: Authenticator, needed: Role): Promise<Caller> {
  const caller = await authenticator.identify({
    authorization: c.req.header('authorization'),
    session: getCookie(c, sessionCookie(c)),
    ...attemptOf(c),
  });
  c.set('caller', caller);
  if (caller.actor.kind === 'session') requireOwnPage(c);
  requireRole(caller, needed);
  return caller;
}

/** What an audit entry tells of a request that was refused. */
export const attemptOf = (c: AppContext): Attempt => ({
  address: sourceAddress(c),
  action: `${c.req.method} ${c.get('route')}`,
  requestId: c.get('requestId'),
});

/** Every 403, wherever it was found: what a caller tried that it may not. */
export async function noteDenial(c: AppContext, denials: Denials, error: unknown): Promise<void> {
  if (!(error instanceof DroverError) || error.entry.status !== 403) return;
  const { address, ...attempt } = attemptOf(c);
  const actor = c.get('caller')?.actor ?? { kind: 'anonymous', id: address, name: address, address };
  await denials.note({ actor, code: error.code, ...attempt });
}

/**
 * A cookie goes along with requests that other pages make a browser send. Such a page cannot set Sec-Fetch-Site or
 * Origin, and cannot add a header of its own without a preflight that is not answered.
 */
function requireOwnPage(c: AppContext): void {
  if (['GET', 'HEAD'].includes(c.req.method)) return;
  if (c.req.header('x-drover-csrf') === undefined || !isFromOwnPage(c)) throw authError('CSRF_REFUSED');
}

export function isFromOwnPage(c: AppContext): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  return origin !== undefined && URL.parse(origin)?.host === hostOf(c);
}
