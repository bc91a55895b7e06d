import type { KubeAnswer } from './access.ts';

const instead = '[redacted]';
/** One as short as this is a word that may stand anywhere. */
const shortest = 8;
/** Larger ones are lists, of which nothing is shown as it came. */
const largest = 262_144;

/**
 * A server, or who stands before it, may repeat what it was sent, in a refusal, a page or a field of any answer. Then
 * what is read and shown of the answer does not hold the token.
 */
export function unsaid<A extends Pick<KubeAnswer, 'headers' | 'body'>>(
  answer: A,
  token: string | undefined,
): A {
  if (token === undefined || token.length < shortest) return answer;
  const isIn = (value: string | string[] | undefined) =>
    (Array.isArray(value) ? value : [value]).some((one) => one?.includes(token));
  const { headers } = answer;
  const body = answer.body.length > largest ? answer.body : withoutIn(answer.body, token);
  if (body === answer.body && !Object.values(headers).some(isIn)) return answer;
  const clean = (value: string) => value.replaceAll(token, instead);
  return {
    ...answer,
    body,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map(clean) : value && clean(value),
      ]),
    ),
  };
}

function withoutIn(body: Uint8Array, token: string): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  return bytes.includes(token) ? Buffer.from(bytes.toString('utf8').replaceAll(token, instead)) : body;
}
