/** What a label may say. Whatever else is given becomes `other`, so that no caller can make series without end. */
export interface LabelRule {
  /** All its values, where they are known beforehand. */
  readonly values?: readonly string[];
  accepts(value: string): boolean;
}

export const oneOf = (...values: string[]): LabelRule => ({
  values,
  accepts: (value) => values.includes(value),
});

/** For values that code chooses (areas, route patterns), never for what a user sends. */
export const matching = (pattern: RegExp): LabelRule => ({
  accepts: (value) => value.length <= longestValue && pattern.test(value),
});
const longestValue = 128;

/** For gauges, whose series are bounded by the records there are: names and ids. */
export const anyText: LabelRule = { accepts: () => true };

interface Named {
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelRule>>;
}
export type Counter = Named & { readonly type: 'counter' };
export type Gauge = Named & { readonly type: 'gauge' };
export type Histogram = Named & { readonly type: 'histogram'; readonly buckets: readonly number[] };
export type Family = Counter | Gauge | Histogram;

/** One sample of a gauge. */
export interface Reading {
  readonly family: Gauge;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const defineCounter = (family: Named): Counter =>
  checked({ ...family, type: 'counter' }, /_total$/, 'a counter ends in _total');

export const defineGauge = (family: Named): Gauge =>
  checked({ ...family, type: 'gauge' }, /(?<!_total|_count|_sum|_bucket)$/, 'a gauge looks like a counter');

export function defineHistogram(family: Named & { buckets: readonly number[] }): Histogram {
  if (family.buckets.some((bound, i) => bound <= (family.buckets[i - 1] ?? Number.NEGATIVE_INFINITY))) {
    throw new Error(`${family.name}: buckets must rise`);
  }
  return checked({ ...family, type: 'histogram' }, /_(seconds|bytes|ratio)$/, 'a histogram ends in its unit');
}

function checked<F extends Family>(family: F, ending: RegExp, rule: string): F {
  const { name, help, labels } = family;
  if (!/^drover_[a-z0-9_]+$/.test(name)) throw new Error(`${name}: not a metric's name`);
  if (!ending.test(name)) throw new Error(`${name}: ${rule}`);
  if (!/\S[^\n]*\.$/.test(help)) throw new Error(`${name}: its help is not a sentence`);
  const badLabel = Object.keys(labels).find((label) => !/^(?!le$|__)[a-z_]+$/.test(label));
  if (badLabel !== undefined) throw new Error(`${name}: ${badLabel} is not a label's name`);
  return family;
}

/** The labels of one series in one spelling, or undefined where the names are not the family's. */
export function labelsOf(
  family: Family,
  given: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const names = Object.keys(family.labels);
  if (Object.keys(given).length !== names.length || names.some((name) => given[name] === undefined)) {
    return undefined;
  }
  return Object.fromEntries(
    names.sort().map((name) => {
      const value = String(given[name]).toWellFormed();
      return [name, family.labels[name]!.accepts(value) ? value : other];
    }),
  );
}
export const other = 'other';

/** Every label set of a family whose labels' values are all known; undefined for others. */
export function allLabels(family: Family): Record<string, string>[] | undefined {
  let sets: Record<string, string>[] = [{}];
  for (const [name, { values }] of Object.entries(family.labels).sort()) {
    if (values === undefined) return undefined;
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  }
  return sets;
}
