import { type Instant, second } from '#time';

/** A list as `kubectl get` would print it. What stands in it is the server's word: any part may be missing. */
export interface Table {
  columnDefinitions: { name: string }[];
  rows: { cells: unknown[]; object?: { metadata?: Metadata } | null }[];
}

export interface Metadata {
  name?: string;
  namespace?: string;
  uid?: string;
  labels?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
}

/** Cells by the name of their column: their order is not promised. */
export class Columns {
  readonly #indexes: Map<string, number>;

  constructor({ columnDefinitions }: Table) {
    this.#indexes = new Map(columnDefinitions.map(({ name }, index) => [name, index]));
  }

  text(column: string): (cells: unknown[]) => string {
    const index = this.#indexes.get(column) ?? -1;
    return (cells) => String(cells[index] ?? '');
  }

  /** Null for what kubectl shows as `<none>` and the like. */
  value(column: string): (cells: unknown[]) => string | null {
    const text = this.text(column);
    return (cells) => {
      const found = text(cells);
      return found === '' || found.startsWith('<') ? null : found;
    };
  }

  /** `3` of `3`, `3 (5h ago)` and `3/4`. */
  number(column: string): (cells: unknown[]) => number {
    const text = this.text(column);
    return (cells) => Number.parseInt(text(cells), 10) || 0;
  }

  /** The 4 of `3/4`. */
  whole(column: string): (cells: unknown[]) => number {
    const text = this.text(column);
    return (cells) => {
      const found = text(cells);
      return Number.parseInt(found.slice(found.indexOf('/') + 1), 10) || 0;
    };
  }

  words(column: string): (cells: unknown[]) => string[] {
    const value = this.value(column);
    return (cells) => value(cells)?.split(',') ?? [];
  }
}

const longestName = 253;
const longestKey = 317;
const mostLabels = 500;

/** Names become keys of the store and are searched in: text, and no longer than Kubernetes lets them be. */
export const nameIn = (given: unknown): string | undefined =>
  typeof given === 'string' ? given.slice(0, longestName) : undefined;

/** Labels are selected by, over all clusters: what is no label is left out. */
export function labelsIn(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null) return {};
  const labels = Object.entries(given).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[0].length <= longestKey && entry[1].length <= longestKey,
  );
  return Object.fromEntries(labels.slice(0, mostLabels));
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 365 * 86_400 };

/** Older than computers: an age that no date can tell is none. */
const eldest = 100 * 365 * 86_400;

/** When something was made, from `5d3h`; null where that is not known. */
export function bornAt(age: string, now: Instant): Instant | null {
  let seconds = 0;
  let isAge = false;
  for (const [, digits, unit] of age.matchAll(/(\d+)([smhdy])/g)) {
    seconds += Number(digits) * unitSeconds[unit!]!;
    isAge = true;
  }
  return isAge && seconds < eldest ? now - seconds * second : null;
}
