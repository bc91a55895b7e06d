import { randomInt } from 'node:crypto';
import type { Log, Meter } from '#reconcile';
import { keys, type Table } from '#store';
import { type Family, labelsOf, other } from './family.ts';
import { bucketAttribute, counterAttribute, seriesKey, sumAttribute, toMillionths } from './series.ts';

/** Beyond so many label sets of a family in one process, further ones are counted as `other`. */
const mostSeries = 1_000;

/**
 * Collects increments and adds them up in the store. Each is added once and never again: an answer that is lost may
 * lose it, and cannot double it. What the table's calls cost is counted as well.
 */
export class TableMeter implements Meter {
  readonly #table: Table;
  readonly #log: Log;
  readonly #shard: () => number;
  readonly #families: ReadonlyMap<string, Family>;
  readonly #seen = new Map<string, Set<string>>();
  readonly #complaints = new Set<string>();
  #units: { read: number; write: number };
  #pending = new Map<string, Record<string, number>>();
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(options: { table: Table; families: readonly Family[]; log: Log; shard?: () => number }) {
    this.#table = options.table;
    this.#log = options.log;
    this.#shard = options.shard ?? (() => randomInt(keys.metricShards));
    this.#families = new Map(options.families.map((family) => [family.name, family]));
    this.#units = { ...options.table.units };
  }

  count(family: string, labels: Record<string, string>, by = 1): void {
    const known = this.#families.get(family);
    if (known?.type !== 'counter') this.#complain(family, 'no such counter');
    else if (!(by >= 0 && by < Number.POSITIVE_INFINITY)) this.#complain(family, `${by} cannot be counted`);
    else if (by > 0) this.#add(known, labels, { [counterAttribute]: by });
  }

  /** Two clocks can make a span negative; it was short, then. */
  observe(family: string, labels: Record<string, string>, value: number): void {
    const known = this.#families.get(family);
    const seen = Math.max(0, value);
    if (known?.type !== 'histogram') this.#complain(family, 'no such histogram');
    else if (!Number.isFinite(seen)) this.#complain(family, `${value} cannot be observed`);
    else this.#add(known, labels, { [bucketAttribute(known, seen)]: 1, [sumAttribute]: seen });
  }

  /**
   * Writes what was counted since the last flush. At a call's end; never throws. Calls that end while a flush is
   * under way share the next one, so that a crowd costs few writes.
   */
  flush(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#write();
      return this.#running;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return;
    this.#countUnits();
    // Taken before the first write, so that whatever becomes of it, nothing is written twice.
    const taken = this.#pending;
    this.#pending = new Map();
    const pk = keys.metricPartition(this.#shard());
    const written = await Promise.allSettled(
      [...taken].map(async ([sk, numbers]) => this.#table.add({ pk, sk }, numbers)),
    );
    const lost = written.filter((one) => one.status === 'rejected');
    if (lost.length > 0) this.#log.warn('metrics not written', { lost: lost.length, error: lost[0]!.reason });
  }

  #countUnits(): void {
    const { read, write } = this.#table.units;
    this.count('drover_store_units_total', { kind: 'read' }, read - this.#units.read);
    this.count('drover_store_units_total', { kind: 'write' }, write - this.#units.write);
    this.#units = { read, write };
  }

  #add(family: Family, given: Record<string, string>, numbers: Record<string, number>): void {
    const labels = labelsOf(family, given);
    if (labels === undefined) {
      this.#complain(family.name, `its labels are ${Object.keys(family.labels)}`);
      return;
    }
    const key = this.#boundedKey(family, labels);
    const sums = this.#pending.get(key) ?? {};
    this.#pending.set(key, sums);
    for (const [name, by] of Object.entries(numbers)) sums[name] = toMillionths((sums[name] ?? 0) + by);
  }

  #boundedKey(family: Family, labels: Record<string, string>): string {
    const key = seriesKey(family.name, labels);
    const seen = this.#seen.get(family.name) ?? new Set();
    this.#seen.set(family.name, seen);
    if (!seen.has(key) && seen.size >= mostSeries) {
      return seriesKey(family.name, Object.fromEntries(Object.keys(labels).map((name) => [name, other])));
    }
    seen.add(key);
    return key;
  }

  /** A wrong name or number is a fault of the code that counts; its call goes on all the same. */
  #complain(family: string, problem: string): void {
    if (this.#complaints.has(family)) return;
    this.#complaints.add(family);
    this.#log.error('metric not counted', { family, problem });
  }
}
