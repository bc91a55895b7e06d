import { redactText } from '#log';
import type { NvAnswer, Refusal } from './access.ts';
import { jsonIn } from './jsonIn.ts';
import { withoutSecrets } from './unsaid.ts';

const longestMessage = 300;

/** An answer that is no yes. */
export class NvRefused extends Error {
  readonly refusal: Refusal;
  readonly place: string;

  constructor(refusal: Refusal, place: string) {
    const code = refusal.code === null ? '' : `, code ${refusal.code}`;
    super(`${place} answered ${refusal.status}${code}: ${refusal.message}`);
    this.name = 'NvRefused';
    this.refusal = refusal;
    this.place = place;
  }
}

export function refusalOf({ status, headers, body }: NvAnswer, secrets: readonly string[]): Refusal {
  const told = (text: string) =>
    redactText(
      withoutSecrets(text, secrets)
        .replace(/\p{Cc}+/gu, ' ')
        .trim(),
      longestMessage,
    );
  const said = jsonIn(body);
  if (isObject(said) && Number.isSafeInteger(said.code)) {
    const words = [said.message, said.error].find((one) => typeof one === 'string' && one !== '');
    return { status, code: said.code as number, message: told(String(words ?? '')) };
  }
  return { status, code: null, message: told(plainWordsOf(String(headers['content-type'] ?? ''), body)) };
}

/** Of a page its title, of a text its beginning: enough to know an ingress or another program by. */
function plainWordsOf(contentType: string, body: Uint8Array): string {
  const head = Buffer.from(body.subarray(0, 16_384)).toString('utf8');
  if (/^text\/html\b/i.test(contentType) || /^\s*</.test(head)) {
    return /<title[^>]{0,200}>([^<]{0,200})/i.exec(head)?.[1] ?? '';
  }
  return head;
}

/** By idleness, age, a restart of the controller, or because somebody was promoted. */
export const isSessionOver = ({ status, code }: Refusal): boolean =>
  (status === 401 || status === 408) && code === 3;

const isObject = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null;
