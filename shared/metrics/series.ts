import type { Item } from '#store';
import type { Histogram } from './family.ts';

/**
 * How a series lies in the store: one small item per shard, family and label set, so that an increment costs one
 * write unit however many series there are.
 *
 *   pk  metric#3
 *   sk  drover_steps_total#{"area":"join","outcome":"settled"}
 *   n   17                                    a counter
 *   sum 4.2, le0.5 2, le1 0, leInf 1          a histogram; each bucket holds what no smaller one does
 */
export const seriesKey = (family: string, labels: Record<string, string>): string =>
  `${family}#${JSON.stringify(labels)}`;

export function readSeriesKey(sk: string): { family: string; labels: Record<string, string> } {
  const at = sk.indexOf('#');
  return { family: sk.slice(0, at), labels: JSON.parse(sk.slice(at + 1)) as Record<string, string> };
}

export const counterAttribute = 'n';
export const sumAttribute = 'sum';

export function bucketAttribute(family: Histogram, value: number): string {
  const bound = family.buckets.find((candidate) => value <= candidate);
  return bound === undefined ? 'leInf' : `le${bound}`;
}

/** The bounds are in the names, so that what an older version counted with other bounds still finds a bucket. */
export function boundOf(attribute: string): number | undefined {
  if (!attribute.startsWith('le')) return undefined;
  return attribute === 'leInf' ? Number.POSITIVE_INFINITY : Number(attribute.slice(2));
}

/**
 * Sums stay exact decimals in the store: millionths are finer than any clock here, and keep a sum far from the
 * 38 digits where a store refuses to add.
 */
export const toMillionths = (value: number): number => Math.round(value * 1e6) / 1e6;

export const numbersOf = (item: Item): [string, number][] =>
  Object.entries(item).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
