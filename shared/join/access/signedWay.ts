import {
  isSessionOver,
  type NvAnswer,
  type NvRequest,
  type NvStream,
  type Pass,
  refusalOf,
  type Way,
} from '#neuvector';

/** Calls `reached` as soon as anything was answered. */
export function watched(way: Way, reached: (() => void) | undefined): Way {
  if (!reached) return way;
  const told = <T>(answer: T): T => {
    reached();
    return answer;
  };
  return {
    place: way.place,
    send: (request, pass) => way.send(request, pass).then(told),
    stream: (request, pass) => way.stream(request, pass).then(told),
    close: () => way.close(),
  };
}

/**
 * A way on which a session that turns out to be over is replaced, once, and what was asked with it asked again: a
 * controller does nothing of what it refuses for that. So one part of many that are asked side by side does not fail
 * for what befell all.
 */
export class SessionWay implements Way {
  readonly place: string;
  readonly #way: Way;
  readonly #renew: (over: string) => Promise<string>;
  #pass: Pass & { kind: 'session' };
  #renewing: Promise<void> | undefined;

  constructor(way: Way, token: string, renew: (over: string) => Promise<string>) {
    this.place = way.place;
    this.#way = way;
    this.#renew = renew;
    this.#pass = { kind: 'session', token };
  }

  get pass(): Pass {
    return this.#pass;
  }

  async send(request: NvRequest, pass?: Pass): Promise<NvAnswer> {
    if (pass?.kind !== 'session') return this.#way.send(request, pass);
    const answer = await this.#way.send(request, this.#pass);
    return (await this.#isReplaced(answer)) ? this.#way.send(request, this.#pass) : answer;
  }

  async stream(request: NvRequest, pass?: Pass): Promise<NvStream> {
    if (pass?.kind !== 'session') return this.#way.stream(request, pass);
    const answer = await this.#way.stream(request, this.#pass);
    const { status, headers } = answer;
    if (status !== 401 && status !== 408) return answer;
    const body = await whole(answer.body);
    if (await this.#isReplaced({ status, headers, body })) return this.#way.stream(request, this.#pass);
    return { status, headers, body: once(body) };
  }

  close(): Promise<void> {
    return this.#way.close();
  }

  async #isReplaced(answer: NvAnswer): Promise<boolean> {
    if (answer.status !== 401 && answer.status !== 408) return false;
    if (!isSessionOver(refusalOf(answer, [this.#pass.token]))) return false;
    const over = this.#pass.token;
    this.#renewing ??= this.#renew(over).then((token) => {
      this.#pass = { kind: 'session', token };
    });
    await this.#renewing;
    return true;
  }
}

/** A way on which a key that was refused is not sent again. */
export class KeyWay implements Way {
  readonly place: string;
  readonly #way: Way;
  readonly #refused: () => Promise<Error>;
  #refusing: Promise<Error> | undefined;

  constructor(way: Way, refused: () => Promise<Error>) {
    this.place = way.place;
    this.#way = way;
    this.#refused = refused;
  }

  /** Throws what is to be said where the key was refused. */
  async requireTaken(): Promise<void> {
    if (this.#refusing) throw await this.#refusing;
  }

  async send(request: NvRequest, pass?: Pass): Promise<NvAnswer> {
    if (pass) await this.requireTaken();
    const answer = await this.#way.send(request, pass);
    if (pass) await this.#check(answer);
    return answer;
  }

  async stream(request: NvRequest, pass?: Pass): Promise<NvStream> {
    if (pass) await this.requireTaken();
    const answer = await this.#way.stream(request, pass);
    const { status, headers } = answer;
    if (!pass || status !== 401) return answer;
    const body = await whole(answer.body);
    await this.#check({ status, headers, body });
    return { status, headers, body: once(body) };
  }

  close(): Promise<void> {
    return this.#way.close();
  }

  async #check(answer: NvAnswer): Promise<void> {
    if (answer.status !== 401 || refusalOf(answer, []).code !== 3) return;
    this.#refusing ??= this.#refused();
    await this.requireTaken();
  }
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
