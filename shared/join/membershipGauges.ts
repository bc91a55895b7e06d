import type { GaugeProvider, Reading } from '#metrics';
import { type Listed, type Records, readPulses } from '#reconcile';
import type { Table } from '#store';
import { type Clock, type Instant, second } from '#time';
import { gauges } from './metrics.ts';
import type { MembershipData } from './model.ts';

/** Of each membership: what its row tells, and when a round last saw it. */
export const membershipGauges = (
  records: Pick<Records<MembershipData>, 'entries'>,
  table: Table,
  clock: Clock,
): GaugeProvider => ({
  name: 'memberships',
  per: 'fleet',
  async read() {
    const now = clock.now();
    const [entries, pulses] = await Promise.all([records.entries('join'), readPulses(table, 'join')]);
    const seenAt = new Map<string, Instant>();
    for (const { id, at } of pulses.flatMap(({ beats }) => beats)) {
      seenAt.set(id, Math.max(at, seenAt.get(id) ?? 0));
    }
    return [...byState(entries), ...entries.flatMap((entry) => readingsOf(entry, seenAt.get(entry.id), now))];
  },
});

function byState(entries: readonly Listed[]): Reading[] {
  const counts = Map.groupBy(entries, ({ summary }) => String(summary.state));
  return [...counts].map(([state, those]) => ({
    family: gauges.byState,
    labels: { state },
    value: those.length,
  }));
}

function readingsOf({ name, summary }: Listed, seenAt: Instant | undefined, now: Instant): Reading[] {
  const labels = { membership: name };
  const { state, cause, stage, attempts, secondsToJoin, tokenAt, checkedAt } = summary;
  const readings: Reading[] = [
    {
      family: gauges.state,
      labels: { ...labels, state: String(state), cause: String(cause ?? 'none') },
      value: 1,
    },
    { family: gauges.stage, labels: { ...labels, stage: String(stage ?? 'none') }, value: 1 },
    { family: gauges.attempts, labels, value: Number(attempts) },
  ];
  if (typeof secondsToJoin === 'number') {
    readings.push({ family: gauges.joinSeconds, labels, value: secondsToJoin });
  }
  if (typeof tokenAt === 'number') {
    readings.push({ family: gauges.tokenAge, labels, value: Math.max(0, now - tokenAt) / second });
  }
  const checked = Math.max(typeof checkedAt === 'number' ? checkedAt : 0, seenAt ?? 0);
  if (checked > 0) readings.push({ family: gauges.lastCheck, labels, value: checked / second });
  return readings;
}
