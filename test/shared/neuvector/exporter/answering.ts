import type { NvRequest, SignedIn } from '#neuvector';
import { type Answers, Refused } from './scenarios.ts';

export interface Answering extends SignedIn {
  /** By path and query, in the order in which they were asked. */
  readonly asked: string[];
  /** So many at once at most. */
  readonly widest: number;
}

/** A body that is not made of one piece of JSON. */
export class Raw {
  readonly pieces: () => AsyncIterable<Uint8Array>;

  constructor(pieces: () => AsyncIterable<Uint8Array>) {
    this.pieces = pieces;
  }

  static text(text: string): Raw {
    return new Raw(() => cut(Buffer.from(text), text.length));
  }
}

/** A controller that says what it is told to, in pieces that end within characters, names and numbers. */
export function answering(answers: Answers, { pieceLength = 331 } = {}): Answering {
  const asked: string[] = [];
  let [now, widest] = [0, 0];
  const stream = async ({ path, query = {} }: NvRequest) => {
    const given = new URLSearchParams(query as Record<string, string>).toString();
    const whole = given === '' ? path : `${path}?${given}`;
    asked.push(whole);
    widest = Math.max(widest, ++now);
    await new Promise(setImmediate);
    now--;
    const answer = whole in answers ? answers[whole] : new Refused(404, 7);
    if (answer instanceof Error) throw answer;
    const headers = { 'content-type': 'application/json' };
    if (answer instanceof Raw) return { status: 200, headers, body: answer.pieces() };
    const { status, ...said } =
      answer instanceof Refused
        ? { status: answer.status, body: { code: answer.code, error: 'no', message: 'no' } }
        : { status: 200, body: answer };
    return { status, headers, body: cut(Buffer.from(JSON.stringify(said.body)), pieceLength) };
  };
  return {
    asked,
    get widest() {
      return widest;
    },
    pass: { kind: 'apiKey', name: 'metrics', secret: 'not-to-be-told' },
    way: {
      place: 'controller.example.com:10443',
      stream,
      async send(request) {
        const { status, headers, body } = await stream(request);
        const pieces: Uint8Array[] = [];
        for await (const piece of body) pieces.push(piece);
        return { status, headers, body: Buffer.concat(pieces) };
      },
      async close() {},
    },
  };
}

async function* cut(body: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += length) yield body.subarray(at, at + length);
}
