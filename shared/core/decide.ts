import { unreachable } from '#errors';
import type { DecideContext, NewEvent, Next, Plan, Row } from '#reconcile';
import type { CoreData, TokenData, WebhookData } from './model.ts';

/** Nothing of a core record is outside: a step only lets time pass over it. */
export function decide(row: Row<CoreData>, { now }: DecideContext): Plan<CoreData, never> {
  const { data } = row;
  if (row.deletedAt !== undefined) return { data, next: { kind: 'gone' } };
  switch (data.kind) {
    case 'token':
      return decideToken(data, now);
    case 'webhook':
      return decideWebhook(data, now);
    case 'setting':
      return { data, next: { kind: 'rest' } };
    default:
      return unreachable(data);
  }
}

function decideToken(data: TokenData, now: number): Plan<CoreData, never> {
  const secrets = stillGood(data.secrets, now);
  const isExpired = data.expiresAt !== null && data.expiresAt <= now;
  const state = isExpired ? 'expired' : 'active';
  const since = state === data.state ? data.since : now;
  const events: NewEvent[] =
    state === data.state ? [] : [{ type: `token.${state}`, from: data.state, to: state }];
  const ends = [data.expiresAt, ...secrets.map((secret) => secret.expiresAt)];
  return {
    data: { ...data, state, since, secrets },
    events,
    next: nextOf(ends, now),
  };
}

function decideWebhook(data: WebhookData, now: number): Plan<CoreData, never> {
  const secrets = stillGood(data.secrets, now);
  return {
    data: { ...data, secrets },
    next: nextOf(
      secrets.map((secret) => secret.expiresAt),
      now,
    ),
  };
}

const stillGood = <S extends { expiresAt: number | null }>(secrets: S[], now: number): S[] =>
  secrets.filter((secret) => secret.expiresAt === null || secret.expiresAt > now);

/** No round visits core records, so an appointment is a due time of its own. */
function nextOf(times: (number | null)[], now: number): Next {
  const ahead = times.filter((time) => time !== null && time > now) as number[];
  return ahead.length > 0 ? { kind: 'at', at: Math.min(...ahead), lane: 'slow' } : { kind: 'rest' };
}
