import { type Beat, type Pulse, type Row, readPulse, readPulses } from '#reconcile';
import { keys, type Table } from '#store';
import { type Clock, type Instant, second } from '#time';

const freshFor = 10 * second;
/** For so few their slices are read alone. */
const few = 4;

export type BeatsById = ReadonlyMap<string, Beat>;

/** What rounds saw last of an area's records; as fresh as lists are, and read as seldom. */
export class Beats {
  readonly #table: Table;
  readonly #clock: Clock;
  #read: { at: Instant; beats: Promise<BeatsById> } | undefined;

  readonly #area: string;

  constructor(table: Table, clock: Clock, area: string) {
    this.#table = table;
    this.#clock = clock;
    this.#area = area;
  }

  all(): Promise<BeatsById> {
    if (this.#read && this.#isFresh(this.#read.at)) return this.#read.beats;
    const beats = readPulses(this.#table, this.#area).then(latest);
    const read = { at: this.#clock.now(), beats };
    this.#read = read;
    beats.catch(() => {
      if (this.#read === read) this.#read = undefined;
    });
    return beats;
  }

  async of(rows: readonly Pick<Row<unknown>, 'id' | 'everySeconds'>[]): Promise<BeatsById> {
    if (rows.length > few || (this.#read && this.#isFresh(this.#read.at))) return this.all();
    const pulses = await Promise.all(
      rows.map(({ id, everySeconds }) => readPulse(this.#table, this.#area, everySeconds, keys.sliceOf(id))),
    );
    return latest(pulses.filter((pulse) => pulse !== undefined));
  }

  #isFresh(at: Instant): boolean {
    return this.#clock.now() - at < freshFor;
  }
}

/** A record whose interval was changed stands in two pulses. */
function latest(pulses: readonly Pulse[]): BeatsById {
  const beats = new Map<string, Beat>();
  for (const beat of pulses.flatMap((pulse) => pulse.beats)) {
    const known = beats.get(beat.id);
    if (!known || known.at < beat.at) beats.set(beat.id, beat);
  }
  return beats;
}
