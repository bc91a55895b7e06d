import { fail } from './errors.ts';
import { labelsText } from './exposition.ts';
import { type Failure, isFailure } from './failure.ts';

export interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** In characters. A family takes twice this of memory while its text is made. */
const longest = 8_000_000;

/**
 * What is read of one family. Its parts (the images of one registry) are asked for side by side, and stand in the order
 * in which they were begun.
 */
export class Samples {
  readonly #family: string;
  readonly #whole: Samples;
  readonly #all: (Sample | Samples)[] = [];
  #length = 0;
  #lost: Failure | undefined;

  constructor(family: string, whole?: Samples) {
    this.#family = family;
    this.#whole = whole ?? this;
  }

  /** What has no value is left out. `path` is where it should have stood. */
  add(name: string, labels: Readonly<Record<string, string>>, value: number | undefined, path: string): void {
    if (value === undefined) {
      this.loseOf(path);
      return;
    }
    const sample = { name, labels: labelsText(labels), value };
    this.#all.push(sample);
    this.#whole.#grow(name.length + sample.labels.length);
  }

  /** Something that was answered is not as it should be; the rest stands. */
  loseOf(path: string): void {
    this.#lose(fail('EXPORTER_ANSWER_INCOMPLETE', { path }));
  }

  /** A question that may fail without the others. */
  async part(read: (samples: Samples) => Promise<void>): Promise<Failure | undefined> {
    const part = new Samples(this.#family, this.#whole);
    this.#all.push(part);
    try {
      await read(part);
      return undefined;
    } catch (error) {
      if (!isFailure(error) || this.#isFull) throw error;
      part.#all.length = 0;
      this.#lose(error);
      return error;
    }
  }

  /** Why something is missing. */
  get lost(): Failure | undefined {
    return this.#whole.#lost;
  }

  *[Symbol.iterator](): Generator<Sample> {
    for (const one of this.#all) {
      if (one instanceof Samples) yield* one;
      else yield one;
    }
  }

  #lose(why: Failure): void {
    this.#whole.#lost ??= why;
  }

  get #isFull(): boolean {
    return this.#whole.#length > longest;
  }

  #grow(by: number): void {
    this.#length += by;
    if (this.#isFull)
      throw fail('EXPORTER_FAMILY_TOO_LONG', { family: this.#family, megabytes: longest / 1_000_000 });
  }
}
