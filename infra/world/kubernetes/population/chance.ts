const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Chance that repeats itself: the same words give the same draws, whatever was drawn elsewhere. */
export class Chance {
  #state: number;

  constructor(...words: readonly (string | number)[]) {
    let hash = 0x811c9dc5;
    for (const char of words.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.#state = hash;
  }

  /** Of 32 bits (mulberry32). */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 up to, and without, 1. */
  share(): number {
    return this.#next() / 2 ** 32;
  }

  /** From 0 up to, and without, the limit. */
  below(limit: number): number {
    return Math.floor(this.share() * limit);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.#next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  uid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** As Kubernetes ends the names it makes up: without vowels. */
  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += letters[this.below(letters.length)]!;
    return text;
  }
}

/** As many as five letters can tell apart. */
const endings = letters.length ** 5;

/** A suffix that no other index has with the same words: the step shares no factor with the number of endings. */
export function distinct(words: string, index: number): string {
  let rest = (new Chance(words).below(endings) + index * 9_176_263) % endings;
  let text = '';
  for (let i = 0; i < 5; i++, rest = Math.floor(rest / letters.length))
    text += letters[rest % letters.length]!;
  return text;
}
