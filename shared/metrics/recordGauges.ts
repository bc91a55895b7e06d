import { type Area, type Pulse, type Records, readPulses } from '#reconcile';
import type { Table } from '#store';
import { type Clock, type Instant, minute, second } from '#time';
import { coreGauge } from './families.ts';
import type { Reading } from './family.ts';
import type { GaugeProvider } from './gauges.ts';

const records = coreGauge('drover_records');
const looks = coreGauge('drover_looked_records');
const up = coreGauge('drover_record_up');
const lastLook = coreGauge('drover_record_last_look_timestamp_seconds');
const latency = coreGauge('drover_record_look_latency_seconds');

/** From rows: how many records there are in each state. Reads the area's rows, as a list does. */
export const recordCountsOf = <D>(
  area: Pick<Area<D>, 'name' | 'kinds'>,
  from: Pick<Records<D>, 'counts'>,
): GaugeProvider => ({
  name: `records-${area.name}`,
  per: 'fleet',
  read: async () => {
    const byKind = await Promise.all(
      Object.keys(area.kinds).map(async (kind) => {
        const { state: states = {} } = await from.counts(kind, ['state']);
        return Object.entries(states).map(([state, value]) => ({
          family: records,
          labels: { area: area.name, kind, state },
          value,
        }));
      }),
    );
    return byKind.flat();
  },
});

/** From pulses: how many records rounds found well, and how many not. */
export const looksOf = (table: Table, areas: readonly string[], clock: Clock): GaugeProvider => ({
  name: 'looks',
  per: 'fleet',
  read: () =>
    perArea(table, areas, clock, (area, pulses) => {
      const seen = [...lastSeen(pulses).values()];
      if (seen.length === 0) return [];
      const ok = seen.filter((beat) => beat.ok).length;
      return [
        { family: looks, labels: { area, outcome: 'ok' }, value: ok },
        { family: looks, labels: { area, outcome: 'failed' }, value: seen.length - ok },
      ];
    }),
});

/** From pulses: what each record's last look was like. A record that rounds look at no more has no series. */
export const recordLooksOf = (table: Table, areas: readonly string[], clock: Clock): GaugeProvider => ({
  name: 'record-looks',
  per: 'record',
  read: (slices) =>
    perArea(table, areas, clock, (area, pulses) =>
      [...lastSeen(pulses.filter(({ slice }) => slices.includes(slice)))].flatMap(([record, beat]) => {
        const labels = { area, record };
        return [
          { family: up, labels, value: beat.ok ? 1 : 0 },
          { family: lastLook, labels, value: beat.at / second },
          ...(beat.latency === undefined ? [] : [{ family: latency, labels, value: beat.latency / second }]),
        ];
      }),
    ),
});

async function perArea(
  table: Table,
  areas: readonly string[],
  clock: Clock,
  read: (area: string, pulses: Pulse[]) => Reading[],
): Promise<Reading[]> {
  const now = clock.now();
  const all = await Promise.all(
    areas.map(async (area) =>
      read(
        area,
        (await readPulses(table, area)).filter((pulse) => isCurrent(pulse, now)),
      ),
    ),
  );
  return all.flat();
}

/** A pulse that rounds have not renewed tells nothing of now: its series end, as a stopped exporter's would. */
const isCurrent = ({ at, everySeconds }: Pulse, now: Instant): boolean =>
  now - at <= 3 * everySeconds * second + 5 * minute;

interface Seen {
  ok: boolean;
  at: Instant;
  latency?: number;
}

/** A record whose interval was changed stands in two pulses for a while: the later look holds. */
function lastSeen(pulses: readonly Pulse[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const add = (id: string, beat: Seen) => {
    const before = seen.get(id);
    if (before === undefined || before.at <= beat.at) seen.set(id, beat);
  };
  for (const { beats, failing, at } of pulses) {
    for (const beat of beats) add(beat.id, beat);
    for (const { id } of failing) add(id, { ok: false, at });
  }
  return seen;
}
