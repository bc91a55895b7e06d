import { getCookie } from 'hono/cookie';
import { type Authenticator, authError, type Caller, type Denials, type Role, requireRole } from '#auth';
import { DroverError } from '#errors';
import { hostOf, isHttps, sourceAddress } from './address.ts';
import type { AppContext } from './appEnv.ts';

/** `__Host-`: set by this very host over https and no other; browsers refuse it over plain http. */
export const sessionCookie = (c: AppContext): string => (isHttps(c) ? '__Host-drover' : 'drover');

/** The one way in: who calls, whether a cookie's write comes from our own page, and whether the role is enough. */
export class Gate {
  readonly #authenticator: Authenticator;
  readonly #denials: Denials;

  constructor(authenticator: Authenticator, denials: Denials) {
    this.#authenticator = authenticator;
    this.#denials = denials;
  }

  async admit(
    c: AppContext,
    needed: Role,
    { method, path }: { method: string; path: string },
  ): Promise<Caller> {
    const action = `${method.toUpperCase()} ${path}`;
    const requestId = c.get('requestId');
    const caller = await this.#authenticator.identify({
      authorization: c.req.header('authorization'),
      session: getCookie(c, sessionCookie(c)),
      address: sourceAddress(c),
      action,
      requestId,
    });
    try {
      if (caller.actor.kind === 'session') requireOwnPage(c);
      requireRole(caller, needed);
    } catch (error) {
      if (error instanceof DroverError) {
        await this.#denials.note({ actor: caller.actor, action, code: error.code, requestId });
      }
      throw error;
    }
    return caller;
  }
}

/**
 * A cookie goes along with requests that other pages make a browser send. Such a page cannot set Sec-Fetch-Site or
 * Origin, and cannot add a header of its own without a preflight that is not answered.
 */
export function requireOwnPage(c: AppContext): void {
  if (['GET', 'HEAD'].includes(c.req.method)) return;
  if (c.req.header('x-drover-csrf') === undefined || !isFromOwnPage(c)) throw authError('CSRF_REFUSED');
}

export function isFromOwnPage(c: AppContext): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  return origin !== undefined && URL.parse(origin)?.host === hostOf(c);
}
