import { compare } from './byteOrder.ts';

/** Where an entry stands: by `sort`, and by `tie` where that is equal. Both in byte order. */
export interface Place {
  sort: string;
  tie: string;
}

/** A list kept in order, for the table in memory. Inserting moves what comes after, which is quick for tens of thousands. */
export class Ordered<Entry extends Place> {
  readonly #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  at(index: number): Entry {
    return this.#entries[index]!;
  }

  /** Takes the place of an entry that stands there. */
  put(entry: Entry): void {
    const index = this.firstNotBefore(entry);
    const there = this.#entries[index];
    if (there && order(there, entry) === 0) this.#entries[index] = entry;
    else this.#entries.splice(index, 0, entry);
  }

  remove(place: Place): void {
    const index = this.firstNotBefore(place);
    const found = this.#entries[index];
    if (found && order(found, place) === 0) this.#entries.splice(index, 1);
  }

  firstNotBefore(place: Place): number {
    return this.first((entry) => order(entry, place) >= 0);
  }

  firstAfter(place: Place): number {
    return this.first((entry) => order(entry, place) > 0);
  }

  /** The first entry from which on the question is answered with yes. */
  first(isReached: (entry: Entry) => boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(this.#entries[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const order = (a: Place, b: Place): number => compare(a.sort, b.sort) || compare(a.tie, b.tie);
