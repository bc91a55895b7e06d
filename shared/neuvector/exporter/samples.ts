import { fail } from './errors.ts';
import { labelsText } from './exposition.ts';
import { type Failure, isFailure } from './failure.ts';
import { Series } from './series.ts';

/** Bytes of names and labels; twice this is taken while the text of a scrape is made. */
const longest = 8_000_000;
/** No name is as long as that: room for it would be taken before anything is counted. */
const longestText = 65_536;

/**
 * What is read of one family. Its parts (the images of one registry) are asked for side by side, and stand in the order
 * in which they were begun.
 */
export class Samples {
  readonly #family: string;
  readonly #names: readonly string[];
  readonly #whole: Samples;
  readonly #parts: Samples[] = [];
  #series = new Series();
  #bytes = 0;
  #lost: Failure | undefined;

  /** `names` are those that samples of the family may have. */
  constructor(family: string, names: readonly string[], whole?: Samples) {
    this.#family = family;
    this.#names = names;
    this.#whole = whole ?? this;
  }

  /** What has no value, or labels without end, is left out. `path` is where it should have stood. */
  add(name: string, labels: Readonly<Record<string, string>>, value: number | undefined, path: string): void {
    if (value === undefined) {
      this.loseOf(path);
      return;
    }
    const text = `${name}${labelsText(labels)}`;
    if (text.length > longestText) {
      this.loseOf(path);
      return;
    }
    this.#whole.#grow(this.#series.add(this.#names.indexOf(name), text, value));
  }

  /** Something that was answered is not as it should be; the rest stands. */
  loseOf(path: string): void {
    this.#lose(fail('EXPORTER_ANSWER_INCOMPLETE', { path }));
  }

  /** A question that may fail without the others. */
  async part(read: (samples: Samples) => Promise<void>): Promise<Failure | undefined> {
    const part = new Samples(this.#family, this.#names, this.#whole);
    this.#parts.push(part);
    try {
      await read(part);
      return undefined;
    } catch (error) {
      if (!isFailure(error) || this.#isFull) throw error;
      part.#series = new Series();
      this.#lose(error);
      return error;
    }
  }

  /** Why something is missing. */
  get lost(): Failure | undefined {
    return this.#whole.#lost;
  }

  get bytes(): number {
    return this.#whole.#bytes;
  }

  /** All of them, in the order of the questions. */
  get series(): readonly Series[] {
    return [this.#series, ...this.#parts.flatMap(({ series }) => series)];
  }

  #lose(why: Failure): void {
    this.#whole.#lost ??= why;
  }

  get #isFull(): boolean {
    return this.#whole.#bytes > longest;
  }

  #grow(by: number): void {
    this.#bytes += by;
    if (this.#isFull)
      throw fail('EXPORTER_FAMILY_TOO_LONG', { family: this.#family, megabytes: longest / 1_000_000 });
  }
}
