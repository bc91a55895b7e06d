import { day, hour, type Instant, iso } from '#time';
import { expiryFinding, expiryStage } from './credential/expiry.ts';
import { type Finding, found } from './finding.ts';
import type { ClusterData, Expiry } from './model.ts';
import { isRenewalLate, isRenewed, lastCall, renewalTimes } from './renewal/renewalDue.ts';

/** What ends, each by a name that stays the same while it is the same thing. */
export const endName = ({ of, subject }: Expiry): string => `${of} ${subject}`;

const isRenewedToken = (data: ClusterData, { of }: Expiry): boolean =>
  of === 'token' && isRenewed(data.access.credential);

/** A token that renews itself is no news a month ahead: only when the renewal should long have happened. */
function stageOf(data: ClusterData, expiry: Expiry, now: Instant): number | undefined {
  if (!isRenewedToken(data, expiry)) return expiryStage(expiry.at, now);
  if (!isRenewalLate(data, now) || expiry.at <= now) return undefined;
  return expiry.at - now <= lastCall ? lastStage : expiryStage(expiry.at, now);
}

/** Less than a day: of tokens alone that were to be renewed. */
const lastStage = 0;

/** What is said of a stage that was reached. */
export function expiringFinding(expiry: Expiry, stage: number): Finding {
  if (stage !== lastStage) return expiryFinding(expiry, stage);
  const { subject, at } = expiry;
  return found('TOKEN_NOT_RENEWED', { subject, when: iso(at), hours: lastCall / hour });
}

export interface Expiring {
  /** The stages reached, by what ends: kept in the record so that each is told once. */
  warned: Record<string, number>;
  /** Those that are new. */
  news: { expiry: Expiry; days: number }[];
}

/** 30, 7 and 1 days ahead. What was renewed meanwhile is forgotten, and told again when its time comes. */
export function expiring(data: ClusterData, now: Instant): Expiring {
  const warned: Record<string, number> = {};
  const news: Expiring['news'] = [];
  for (const expiry of data.expiries) {
    const days = stageOf(data, expiry, now);
    if (days === undefined) continue;
    const name = endName(expiry);
    const before = data.warned[name];
    warned[name] = Math.min(days, warned[name] ?? days);
    if (before === undefined || days < before) news.push({ expiry, days });
  }
  return { warned, news };
}

const stages = [30, 7, 1] as const;

/** When the next stage is reached. */
export function nextStageAt(data: ClusterData, now: Instant): Instant | undefined {
  const ahead = data.expiries.flatMap(({ at }) =>
    [...stages.map((days) => at - days * day), at, ...renewalTimes(data.access)].filter((time) => time > now),
  );
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
