import { randomInt } from 'node:crypto';

const firstSlab = 4_096;
const usualSlab = 65_536;
/** Of a character in UTF-8, for each that JavaScript counts. */
const widest = 3;

/** A sample: the number of its name in the family, its value, the length of its text, and the text. */
const valueAt = 1;
const lengthAt = 9;
const textAt = 13;
const dropped = 255;

/** Whoever chooses names should not know which of them look alike to the table below. */
const seed = randomInt(2 ** 31);

/** Where samples stand one after the other. */
export class Slab {
  readonly bytes: Buffer;
  used = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.used; at = this.endOf(at)) yield at;
  }

  nameOf(at: number): number {
    return this.bytes[at]!;
  }

  valueOf(at: number): number {
    return this.bytes.readDoubleLE(at + valueAt);
  }

  endOf(at: number): number {
    return at + textAt + this.bytes.readUInt32LE(at + lengthAt);
  }

  /** Returns the bytes that were written. */
  copyText(at: number, to: Buffer, toAt: number): number {
    return this.bytes.copy(to, toAt, at + textAt, this.endOf(at));
  }

  hashOf(at: number): number {
    let hash = seed;
    for (let next = at + textAt, end = this.endOf(at); next < end; next++)
      hash = Math.imul(hash ^ this.bytes[next]!, 16_777_619);
    return hash ^ (hash >>> 15);
  }

  hasTextOf(at: number, other: Slab, otherAt: number): boolean {
    const [end, otherEnd] = [this.endOf(at), other.endOf(otherAt)];
    return this.bytes.compare(other.bytes, otherAt + textAt, otherEnd, at + textAt, end) === 0;
  }
}

/**
 * Samples as bytes. As objects and texts they would be most of what a scrape of a large controller grows by, and nothing
 * of them is looked at but whether one comes twice.
 */
export class Series {
  readonly slabs: Slab[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** `text` is what stands before the value. Returns the bytes that it takes. */
  add(name: number, text: string, value: number): number {
    const slab = this.#slabFor(textAt + text.length * widest);
    const at = slab.used;
    const length = slab.bytes.write(text, at + textAt);
    slab.bytes[at] = name;
    slab.bytes.writeDoubleLE(value, at + valueAt);
    slab.bytes.writeUInt32LE(length, at + lengthAt);
    slab.used = at + textAt + length;
    this.#size++;
    return length;
  }

  #slabFor(bytes: number): Slab {
    const last = this.slabs.at(-1);
    if (last && last.bytes.length - last.used >= bytes) return last;
    const slab = new Slab(Math.max(bytes, last ? usualSlab : firstSlab));
    this.slabs.push(slab);
    return slab;
  }

  /** Gives its memory back at once: what is freed only when somebody looks for it adds up from scrape to scrape. */
  release(): void {
    for (const { bytes } of this.slabs) (bytes.buffer as ArrayBuffer).transfer(0);
    this.slabs.length = 0;
  }
}

/** Leaves of samples with the same name and labels the first alone; with `add` it has the sum of them. */
export function mergeRepeated(all: readonly Series[], repeated: 'add' | undefined): void {
  const slabs = all.flatMap((series) => series.slabs);
  const count = all.reduce((sum, { size }) => sum + size, 0);
  const mask = 2 ** Math.ceil(Math.log2(count * 2 + 1)) - 1;
  /** Where each was first seen: the number of its slab plus one, and where in it. */
  const [places, starts] = [new Int32Array(mask + 1), new Int32Array(mask + 1)];
  for (const [number, slab] of slabs.entries()) {
    for (const at of slab) {
      let entry = slab.hashOf(at) & mask;
      let first: Slab | undefined;
      while (places[entry] !== 0) {
        const seen = slabs[places[entry]! - 1]!;
        if (slab.hasTextOf(at, seen, starts[entry]!)) {
          first = seen;
          break;
        }
        entry = (entry + 1) & mask;
      }
      if (!first) {
        places[entry] = number + 1;
        starts[entry] = at;
        continue;
      }
      const firstAt = starts[entry]!;
      if (repeated === 'add') {
        first.bytes.writeDoubleLE(first.valueOf(firstAt) + slab.valueOf(at), firstAt + valueAt);
      }
      slab.bytes[at] = dropped;
    }
  }
}
