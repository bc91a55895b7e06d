import { describe, expect, test } from 'vitest';
import { hour, type Instant, minute, second } from '#time';
import type { Did, MembershipData, Sight } from '../../../shared/join/model.ts';
import { isStillRefused } from '../../../shared/join/refused.ts';
import { changed, leaving, retried } from '../../../shared/join/wishes.ts';
import {
  aMember,
  aMembership,
  aSight,
  aWish,
  decided,
  isJoined,
  joint,
  start,
  token,
  withPrimary,
} from './aMembership.ts';

const cause = (code: string) => ({ code, values: {} });
const left = (force: boolean, reaction: 'done' | 'look' | 'force' = 'done'): Did => ({
  did: 'left',
  force,
  outcome: reaction === 'done' ? { is: 'done' } : { is: 'failed', reaction, cause: cause('X'), answer: null },
});

/** Decides as the engine does, a second for each turn, and counts what is done within that time. */
function actionsWithin(before: MembershipData, sight: Sight, didOf: (force: boolean) => Did, during: number) {
  let data = before;
  let count = 0;
  let did: Did[] = [];
  for (let now: Instant = start; now < start + during; ) {
    const plan = decided(data, sight, { did, now });
    ({ data } = plan);
    did = (plan.actions as { force: boolean }[] | undefined)?.map(({ force }) => didOf(force)) ?? [];
    count += did.length;
    if (plan.next.kind === 'now') now += second;
    else if (plan.next.kind === 'at') now = Math.max(plan.next.at, now + second);
    // A round comes by every five minutes, an appointment before.
    else now += 5 * minute;
  }
  return count;
}

describe('a controller that says yes and does nothing', () => {
  const always = { ...isJoined(), wish: aWish({ stayJoined: 'always' }) };
  const kicked = aSight({ fed: joint({ status: 'kicked' }) });

  test.each(['done', 'look', 'force'] as const)(
    'put out and not let go (%s): asked a few times',
    (answer) => {
      expect(actionsWithin(always, kicked, (force) => left(force, answer), 12 * hour)).toBeLessThanOrEqual(5);
    },
  );

  test.each(['done', 'look', 'force'] as const)(
    'kept by another primary (%s): asked a few times',
    (answer) => {
      const elsewhere = aSight({
        fed: joint({ primary: { ...aMember().primary, server: 'other', id: 'p2' } }),
      });
      const asked = actionsWithin(isJoined(), elsewhere, (force) => left(force, answer), 12 * hour);
      expect(asked).toBeGreaterThan(1);
      expect(asked).toBeLessThanOrEqual(10);
    },
  );

  test('a join that is always another’s turn is asked ever less often', () => {
    const wait: Did = {
      did: 'joined',
      token,
      outcome: { is: 'failed', reaction: 'wait', cause: cause('CONTROLLER_LOCK_BUSY'), answer: null },
    };
    expect(actionsWithin(aMembership(), aSight(), () => wait, 24 * hour)).toBeLessThan(24 * 12 + 250);
  });

  test('a word for its primary that nobody knows keeps no worker at it', () => {
    const odd = aSight({ fed: joint({ primary: { ...aMember().primary, status: 'active' } }) });
    const { next } = decided(isJoined(), odd, { now: start + hour });
    expect(next).toEqual({ kind: 'rest' });
  });
});

describe('a join that is under way', () => {
  const underWay = decided(aMembership(), aSight(), { now: start }).data;
  const alone = aSight();

  test('is not taken for nothing where the cluster is to leave', () => {
    const { data } = leaving(underWay, 'store-1', start + second);
    const soon = decided(data, alone, { now: start + 2 * second });
    expect(soon.data.state.is).toBe('leaving');
    const came = decided(soon.data, aSight({ fed: joint() }), { now: start + 4 * second });
    expect(came.actions).toEqual([{ do: 'leave', force: false }]);
    const late = decided(soon.data, alone, { now: start + minute });
    expect(late.data.state.is).toBe('left');
  });

  test('is not taken for nothing where the record ends with leaving', () => {
    const ending = { ...underWay, leavesAtEnd: true };
    expect(decided(ending, alone, { now: start + 2 * second, deletedAt: start }).next.kind).toBe('at');
    expect(decided(ending, alone, { now: start + minute, deletedAt: start }).next.kind).toBe('gone');
  });

  test('is looked for after a change, before another is sent', () => {
    const { controller, wish } = underWay;
    const prepared = { controller, wish, secret: { sealed: '' } };
    const { data } = changed(underWay, prepared, 's1_x', start + second);
    expect(decided(data, alone, { now: start + 2 * second }).actions).toBeUndefined();
    expect(decided(data, alone, { now: start + 2 * minute }).data.sent).toBeNull();
  });
});

test('one that is held joins again once it is to be joined always', () => {
  const kicked = decided(isJoined(), aSight({ fed: joint({ status: 'kicked' }) })).data;
  expect(kicked.state.is).toBe('held');
  let data: MembershipData = { ...kicked, wish: aWish({ stayJoined: 'always' }) };
  for (const after of [1, 12, 24]) ({ data } = decided(data, aSight(), { now: start + after * second }));
  expect(data.state.is).toBe('joining');
});

test('that no token can be fetched hides nothing from a member that was put out', () => {
  const seen = aSight({
    failed: { stage: 'token', is: 'failed', cause: cause('DNS_NXDOMAIN'), answer: null, reaction: 'slowly' },
  });
  let data: MembershipData = { ...isJoined(), token: null };
  for (const after of [1, 12]) ({ data } = decided(data, seen, { now: start + after * second }));
  expect(data.state).toMatchObject({ is: 'held', cause: { code: 'PUT_OUT' } });
});

test.each([
  ['a token that was just given', { tokenGivenAt: start }, true],
  ['a token of long ago', { tokenGivenAt: start - 2 * hour }, false],
  [
    'a token of long ago, and an address of new ones',
    { tokenGivenAt: start - 2 * hour, tokenUrl: 'https://t' },
    true,
  ],
  ['whom to ask for one', { tokenGivenAt: null, primary: withPrimary }, true],
] as const)('one that somebody took elsewhere leaves there only with a way back: %s', (_, wish, leaves) => {
  const elsewhere = aSight({ fed: joint({ primary: { ...aMember().primary, server: 'other', id: 'p2' } }) });
  const { data, actions } = decided({ ...isJoined(), wish: aWish(wish) }, elsewhere);
  expect(data.state).toMatchObject({ is: 'degraded', cause: { code: 'WRONG_PRIMARY' } });
  expect(actions !== undefined).toBe(leaves);
});

test('one that is leaving keeps the time of its next try', () => {
  const { data } = leaving(isJoined(), 'store-1', start);
  const next = { kind: 'at', at: start + minute };
  expect(decided({ ...data, nextAt: start + minute }, null).next).toEqual(next);
});

test('a member that the wanted primary lists is one of it, whatever the primary is called now', () => {
  const renamed = { ...isJoined(), wish: aWish({ primary: withPrimary }), token: null };
  const seen = aSight({
    fed: joint(),
    listed: { status: 'synced' },
    token: { ...token, from: 'primary', server: 'new-name.example' },
  });
  const { data, actions } = decided(renamed, seen);
  expect(actions).toBeUndefined();
  expect(data.state.is).toBe('joined');
});

test('what the environment describes can be tried once more by a retry, for it is given by nobody, but not within the hour', () => {
  const refused = { of: 'controller', version: 1, at: start, cause: cause('ACCOUNT_BLOCKED') } as const;
  const blocked = aMembership({ from: 'settings', refused });
  expect(() => retried(blocked, 'default', start + hour)).toThrow('SIGN_IN_STILL_REFUSED');
  expect(() => retried({ ...blocked, from: 'api' }, 'store-1', start + 2 * hour)).toThrow(
    'SIGN_IN_STILL_REFUSED',
  );
  for (const wish of [blocked.wish, null]) {
    const { data } = retried({ ...blocked, wish }, 'default', start + 2 * hour);
    expect(data.refused && isStillRefused(data)).toBe(false);
    expect(data.refused).not.toBeNull();
  }
});
