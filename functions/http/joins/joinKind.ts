import { joinArea, type MembershipData, present } from '#join';
import { createEngine, type Listed, type Row } from '#reconcile';
import { type Instant, iso, second } from '#time';
import type { Api } from '../api.ts';
import { Beats, type BeatsById } from '../beats.ts';
import type { Kind } from '../kind.ts';
import { type Presented, presentRecord } from '../record.ts';
import { joinSchema } from './answers.ts';

export function joinKindOf({ ports }: Api): Kind<MembershipData> {
  const { clock, table } = ports;
  const beats = new Beats(table, clock, joinArea.name);
  return {
    path: '/api/v1/joins',
    tag: 'Joins',
    kind: 'join',
    plural: 'memberships',
    area: joinArea,
    records: createEngine(joinArea, ports).records,
    schema: joinSchema,
    roles: { read: 'viewer', write: 'operator' },
    filters: ['primary', 'storeId', 'join', 'from'],
    sorts: ['primary', 'storeId', 'attempts', 'joinedAt', 'checkedAt'],
    async told() {
      const known = await beats.all();
      return (entry) => listedAsSeen(entry, known);
    },
    async presentMany(rows, language) {
      const known = await beats.of(rows);
      const now = clock.now();
      return rows.map((row) => {
        const shown = presentRecord({ present: (one) => present(one, language) }, row);
        return { ...shown, checkedAt: lastLook(row, known), token: withAge(shown.token, now) } as Presented;
      });
    },
  };
}

/** A row at rest is not written when it was looked at: its round's pulse knows. */
function lastLook({ id, data }: Row<MembershipData>, known: BeatsById): string | null {
  const at = latest(data.checkedAt, data.state.is === 'paused' ? undefined : known.get(id)?.at);
  return at === null ? null : iso(at);
}

function listedAsSeen(entry: Listed, known: BeatsById): Listed {
  const { summary } = entry;
  if (summary.state === 'paused') return entry;
  const checkedAt = latest(Number(summary.checkedAt) || null, known.get(entry.id)?.at);
  return checkedAt === summary.checkedAt ? entry : { ...entry, summary: { ...summary, checkedAt } };
}

const latest = (stored: Instant | null, seen: Instant | undefined): Instant | null =>
  seen === undefined ? stored : Math.max(stored ?? 0, seen);

/** A token says nothing of its end: how old it is, is all there is to go by. */
function withAge(token: Presented[string] | undefined, now: Instant): Presented[string] {
  if (typeof token !== 'object' || token === null || Array.isArray(token)) return null;
  const age = Math.floor((now - Date.parse(String(token.at))) / second);
  return { ...token, ageSeconds: Math.max(0, age) };
}
