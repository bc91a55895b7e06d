import type { Pass } from './access.ts';
import { neuvectorError } from './errors.ts';

export function headersOf(pass: Pass | undefined): Record<string, string> {
  if (!pass) return {};
  return pass.kind === 'session'
    ? { 'x-auth-token': sendable(pass.token) }
    : { 'x-auth-apikey': sendable(`${pass.name}:${pass.secret}`) };
}

/** What must not be repeated of it; a key's name is no secret. */
export const secretsOf = (pass: Pass | undefined): string[] =>
  pass ? [pass.kind === 'session' ? pass.token : pass.secret] : [];

/** Never in the error: undici's own text for a header that is not valid holds the value. */
function sendable(value: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) throw neuvectorError('PASS_MALFORMED');
  return value;
}
