import { z } from 'zod';
import type { Way } from './access.ts';
import { askFor, askTo, type CallOptions } from './ask.ts';
import { neuvectorError } from './errors.ts';

export interface Session {
  token: string;
  /** It ends when it is not used for so long. */
  idleSeconds: number;
}

const usualIdle = 300;
/** It is shown in a header, and kept with the account. */
const longestToken = 16_384;

const answer = z.object({
  token: z
    .object({
      token: z.string().min(1).max(longestToken),
      timeout: z.int().min(30).max(3600).catch(usualIdle),
    })
    .nullish(),
  need_to_reset_password: z.boolean().nullish(),
});

export async function signIn(
  way: Way,
  { username, password }: { username: string; password: string },
  options: CallOptions = {},
): Promise<Session> {
  const request = {
    method: 'POST',
    path: '/v1/auth',
    body: { password: { username, password } },
    ...options,
  } as const;
  const { token, need_to_reset_password: mustChange } = await askFor({ way }, request, answer, [password]);
  if (token) return { token: token.token, idleSeconds: token.timeout };
  if (mustChange) throw neuvectorError('PASSWORD_MUST_CHANGE', { place: way.place, user: username });
  throw neuvectorError('NOT_NEUVECTOR', { place: way.place, method: 'POST', path: '/v1/auth', status: 200 });
}

export const signOut = (way: Way, token: string, options: CallOptions = {}): Promise<void> =>
  askTo({ way, pass: { kind: 'session', token } }, { method: 'DELETE', path: '/v1/auth', ...options });
