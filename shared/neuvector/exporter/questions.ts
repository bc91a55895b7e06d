import PQueue from 'p-queue';
import { z } from 'zod';
import type { Millis } from '#time';
import type { SignedIn } from '../access.ts';
import { askFor, type CallOptions } from '../ask.ts';
import { type FedMembers, fedMembers } from '../fedMembers.ts';
import { listOf } from '../listOf.ts';
import { type Failure, isFailure } from './failure.ts';
import { type Fields, fieldsOf } from './fields.ts';

/** As many as a way keeps connections: more would only wait there. */
const atOnce = 4;

const fields = z.record(z.string(), z.unknown());

/** What one scrape asks a controller: a few questions at a time, each once. */
export class Questions {
  readonly #signedIn: SignedIn;
  readonly #left: () => Millis;
  readonly #signal: AbortSignal | undefined;
  readonly #queue = new PQueue({ concurrency: atOnce });
  readonly #failures: Failure[] = [];
  #asked = 0;
  #answered = 0;

  /** `left` is the time there is for all of them. */
  constructor(signedIn: SignedIn, left: () => Millis, signal?: AbortSignal) {
    this.#signedIn = signedIn;
    this.#left = left;
    this.#signal = signal;
  }

  get asked(): number {
    return this.#asked;
  }

  get answered(): number {
    return this.#answered;
  }

  /** Shows each element of a list, or its first; `undefined` for what is no object. */
  each(
    path: string,
    field: string,
    show: (element: Fields | undefined) => void,
    { query, most, isPacked }: { query?: Record<string, string>; most?: number; isPacked?: boolean } = {},
  ): Promise<void> {
    return this.#ask(async (options) => {
      let shown = 0;
      const asked = { ...options, ...(isPacked !== undefined && { isPacked }) };
      for await (const element of listOf(this.#signedIn, path, field, query, asked)) {
        show(fieldsOf(element));
        if (++shown === most) break;
      }
    });
  }

  /** The object in a field of an answer. */
  one(path: string, field: string): Promise<Fields> {
    const shape = z.object({ [field]: fields }).transform((answer) => answer[field] as Fields);
    return this.#ask((options) => askFor(this.#signedIn, { path, ...options }, shape));
  }

  federation(): Promise<FedMembers> {
    return this.#ask((options) => fedMembers(this.#signedIn, options));
  }

  #ask<T>(question: (options: CallOptions) => Promise<T>): Promise<T> {
    return this.#queue.add(async () => {
      this.#signal?.throwIfAborted();
      // Nobody is there, or the session is over: the other questions would fare no better, and some of them only later.
      if (this.#answered === 0 && this.#failures.length >= atOnce) throw this.#failures[0];
      this.#asked++;
      try {
        const timeout = this.#left();
        const answer = await question({ timeout, ...(this.#signal && { signal: this.#signal }) });
        this.#answered++;
        return answer;
      } catch (error) {
        if (isFailure(error)) this.#failures.push(error);
        throw error;
      }
    });
  }
}
