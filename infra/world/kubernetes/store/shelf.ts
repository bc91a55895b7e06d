import type { Named } from '../status.ts';
import type { Change } from './objects.ts';

export interface Stored {
  key: string;
  revision: number;
  text: string;
}

interface Version {
  revision: number;
  /** Undefined once it was deleted. */
  text: string | undefined;
}

interface Entry extends Version {
  /** What it was before, newest last, until compaction. */
  older?: Version[];
}

/** The objects of one resource, in the order of their keys. */
export class Shelf {
  readonly resource: Named;
  revision = 0;
  /** What happened here since the last compaction. */
  changes: Change[] = [];
  readonly #entries = new Map<string, Entry>();
  /** Sorted; deleted ones stay until compaction, for readers of the past. */
  #keys: string[] = [];
  #count = 0;

  constructor(resource: Named) {
    this.resource = resource;
  }

  get count(): number {
    return this.#count;
  }

  /** Now, or as it was at a revision. */
  text(key: string, at?: number): string | undefined {
    const entry = this.#entries.get(key);
    return entry && versionAt(entry, at)?.text;
  }

  revisionOf(key: string): number | undefined {
    const entry = this.#entries.get(key);
    return entry?.text === undefined ? undefined : entry.revision;
  }

  /** In order, from the first key that is not before `from`, as they are or as they were at a revision. */
  *walk(prefix: string, from = prefix, at?: number): Iterable<Stored> {
    for (let i = this.#place(from); i < this.#keys.length; i++) {
      const key = this.#keys[i]!;
      if (!key.startsWith(prefix)) return;
      const version = versionAt(this.#entries.get(key)!, at);
      if (version?.text !== undefined) yield { key, revision: version.revision, text: version.text };
    }
  }

  /** As many as `walk` gives. Where nothing has changed since, none of them is looked at. */
  countFrom(prefix: string, from: string, at?: number): number {
    const isAsItWas = (at === undefined || this.revision <= at) && this.#count === this.#keys.length;
    if (isAsItWas) return this.#place(`${prefix}\uffff`) - this.#place(from);
    return [...this.walk(prefix, from, at)].length;
  }

  /** Answers what was there before. */
  set(key: string, revision: number, text: string | undefined): string | undefined {
    this.revision = revision;
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#keys.splice(this.#place(key), 0, key);
      this.#entries.set(key, { revision, text });
      this.#count++;
      return undefined;
    }
    const before = entry.text;
    this.#count += Number(text !== undefined) - Number(before !== undefined);
    entry.older ??= [];
    entry.older.push({ revision: entry.revision, text: before });
    entry.revision = revision;
    entry.text = text;
    return before;
  }

  load(stored: Iterable<Stored>): void {
    for (const { key, revision, text } of stored) {
      if (!this.#entries.has(key)) this.#keys.push(key);
      this.#entries.set(key, { revision, text });
    }
    this.#keys.sort(inBytes);
    this.#count = this.#entries.size;
  }

  compact(revision: number): void {
    this.changes = this.changes.filter((change) => change.revision > revision);
    const gone = new Set<string>();
    for (const [key, entry] of this.#entries) {
      if (entry.text === undefined && entry.revision <= revision) gone.add(key);
      else if (entry.older) trim(entry, revision);
    }
    if (gone.size === 0) return;
    for (const key of gone) this.#entries.delete(key);
    this.#keys = this.#keys.filter((key) => !gone.has(key));
  }

  /** Of the first key that is not smaller. */
  #place(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const inBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function versionAt(entry: Entry, at: number | undefined): Version | undefined {
  if (at === undefined || entry.revision <= at) return entry;
  return entry.older?.findLast(({ revision }) => revision <= at);
}

/** The newest version of the compacted time stays: it is what the next revisions still see. */
function trim(entry: Entry, revision: number): void {
  const isHidden = entry.revision <= revision;
  const kept = isHidden
    ? []
    : entry.older!.slice(
        Math.max(
          0,
          entry.older!.findLastIndex((v) => v.revision <= revision),
        ),
      );
  if (kept.length > 0) entry.older = kept;
  else delete entry.older;
}
