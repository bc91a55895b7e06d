import type { NvAnswer } from './access.ts';

const instead = '[redacted]';
/** One as short as this is a word that may stand anywhere. */
const shortest = 4;
/** Larger ones are lists, of which nothing is shown as it came. */
const largest = 262_144;

export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  spellingsOf(secrets).reduce((shown, spelling) => shown.replaceAll(spelling, instead), text);

/** As it is, within JSON, and within an address. */
const spellingsOf = (secrets: readonly string[]): string[] =>
  secrets
    .filter(({ length }) => length >= shortest)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret.toWellFormed()),
    ]);

/**
 * A controller, or who stands before it, may repeat what it was sent, in a refusal, a page or a field of any answer.
 * Then what is read and shown of the answer does not hold the secret.
 */
export function unsaid(answer: NvAnswer, secrets: readonly string[]): NvAnswer {
  if (secrets.length === 0) return answer;
  const clean = (text: string) => withoutSecrets(text, secrets);
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(clean) : value && clean(value),
  ]);
  const bytes = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.length);
  const holdsOne =
    bytes.length <= largest && spellingsOf(secrets).some((spelling) => bytes.includes(spelling));
  return {
    status: answer.status,
    headers: Object.fromEntries(headers),
    body: holdsOne ? Buffer.from(clean(bytes.toString('utf8'))) : answer.body,
  };
}
