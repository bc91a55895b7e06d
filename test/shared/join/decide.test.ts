import { describe, expect, test } from 'vitest';
import { minute, second } from '#time';
import type { Did, MembershipData, Reaction, StageSeen } from '../../../shared/join/model.ts';
import { changed, leaving, paused, resumed, retried } from '../../../shared/join/wishes.ts';
import {
  aMember,
  aMembership,
  aSight,
  decided,
  isJoined,
  joint,
  start,
  token,
  withPrimary,
} from './aMembership.ts';

const cause = (code: string) => ({ code, values: {} });
const failed = (stage: StageSeen['stage'], reaction: Reaction, code = 'X'): StageSeen => ({
  stage,
  is: 'failed',
  cause: cause(code),
  answer: null,
  reaction,
});
const joined = (reaction: Reaction | 'done', status = 500, code = 'X'): Did => ({
  did: 'joined',
  token,
  outcome:
    reaction === 'done'
      ? { is: 'done' }
      : { is: 'failed', reaction, cause: cause(code), answer: { status, code: 39, message: '' } },
});
const types = (events: { type: string }[] | undefined) => (events ?? []).map(({ type }) => type);
/** A join was sent a moment ago. */
const sent = (given: Partial<MembershipData> = {}, wish = {}) =>
  ({ ...decided(aMembership({}, wish), aSight()).data, ...given }) as MembershipData;

describe('what is not a member yet', () => {
  test('sends a join where everything is there, and says so before', () => {
    const { data, actions, events } = decided(aMembership(), aSight());
    expect(actions).toEqual([{ do: 'join' }]);
    expect(data.sent).toEqual({ at: start + 1000, cause: null, answer: null });
    expect(data.state.is).toBe('joining');
    expect(types(events)).toEqual(['join.started']);
  });

  test('is joined as soon as its controller says so, whoever did it and under whichever name', () => {
    const seen = aSight({ fed: joint({ name: 'by-hand' }) });
    for (const data of [aMembership(), sent(), sent({ attempts: 9 })]) {
      const plan = decided(data, seen);
      expect(plan.data.state.is).toBe('joined');
      expect(plan.actions).toBeUndefined();
      expect(plan.data.member?.name).toBe('by-hand');
      expect(plan.data.sent).toBeNull();
      expect(types(plan.events)).toContain('join.completed');
    }
  });

  test('is joined although the answer was lost, or was a refusal that came too late', () => {
    for (const did of [joined('look'), joined('stop', 400), joined('retry'), joined('done')]) {
      const { data } = decided(sent(), aSight({ fed: joint() }), { did: [did] });
      expect(data.state.is).toBe('joined');
    }
  });

  test.each([
    ['retry', 'joining', 1, 10 * second],
    ['slowly', 'joining', 1, 300 * second],
    ['wait', 'joining', 0, 10 * second],
    ['signIn', 'joining', 1, 10 * second],
    ['stop', 'failed', 0, null],
    ['refused', 'failed', 0, null],
  ] as const)('an answer that means %s leaves it %s', (reaction, state, attempts, after) => {
    const now = start + minute;
    const { data, next } = decided(sent(), aSight(), { did: [joined(reaction, 418)], now });
    expect(data.state).toMatchObject({ is: state, cause: cause('X') });
    expect(data.attempts).toBe(attempts);
    expect(data.nextAt).toBe(after === null ? null : now + after);
    expect(next.kind).toBe(after === null ? 'rest' : 'at');
    expect(data.stages.find(({ stage }) => stage === 'join')).toMatchObject({
      is: 'failed',
      answer: { status: 418 },
    });
  });

  test('waits 10, 20, 40 … 300 s before jitter, and ends after as many tries as are wanted', () => {
    let data = sent({}, { maxAttempts: 8 });
    const delays: number[] = [];
    let now = start + minute;
    while (data.state.is !== 'failed') {
      data = decided({ ...data, sent: null }, aSight(), { did: [joined('retry')], now }).data;
      if (data.nextAt !== null) delays.push((data.nextAt - now) / second);
      now = (data.nextAt ?? now) + 1;
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(data.state).toMatchObject({ is: 'failed', cause: cause('X') });
    expect(data.attempts).toBe(8);
  });

  test('keeps the time of its next try', () => {
    const waiting = aMembership({ nextAt: start + minute });
    expect(decided(waiting, null).next).toEqual({ kind: 'at', at: start + minute });
    expect(decided(waiting, aSight()).actions).toBeUndefined();
  });

  test('asks for a new token once where there is a way to one, and sends the join again at once', () => {
    const now = start + minute;
    const renewable = sent({}, { tokenGivenAt: null, tokenUrl: 'https://tokens.example' });
    const again = decided(renewable, aSight(), { did: [joined('newToken', 417)], now });
    expect(again.next).toEqual({ kind: 'at', at: now });
    const second = decided(again.data, aSight(), { now });
    expect(second.actions).toEqual([{ do: 'join' }]);
    const end = decided(second.data, aSight(), { did: [joined('newToken', 417)], now });
    expect(end.data.state.is).toBe('failed');
    expect(decided(sent(), aSight(), { did: [joined('newToken', 417)], now }).data.state.is).toBe('failed');
  });

  test('one that was sent before a crash is looked for, and sent again when it surely is over', () => {
    const crashed = { ...sent(), sent: { at: start, cause: cause('JOIN_UNANSWERED'), answer: null } };
    const soon = decided(crashed, aSight(), { now: start + 3 * second });
    expect(soon.actions).toBeUndefined();
    expect(soon.next).toEqual({ kind: 'at', at: start + 5 * second });
    const late = decided(crashed, aSight(), { now: start + 50 * second });
    expect(late.data.sent).toBeNull();
    expect(late.data.attempts).toBe(1);
  });

  test('one that was accepted is awaited for half a minute', () => {
    const accepted = decided(sent(), aSight(), { did: [joined('done')], now: start + 2 * second });
    expect(accepted.next).toEqual({ kind: 'at', at: start + 4 * second });
    const late = decided(accepted.data, aSight(), { now: start + 40 * second });
    expect(late.data.state).toMatchObject({ is: 'joining', cause: { code: 'JOIN_NOT_LISTED' } });
    expect(late.data.attempts).toBe(1);
  });

  describe('a name that is taken', () => {
    const taken = () => decided(sent(), aSight(), { did: [joined('nameTaken', 409)] });
    const afterLook = (found: Extract<Did, { did: 'clearedGhost' }>['found'], attempts = 0) =>
      decided({ ...taken().data, attempts }, aSight(), {
        did: [{ did: 'clearedGhost', found, cause: null }],
        now: start + 2 * second,
      });

    test('is looked at where the primary can be asked', () => {
      expect(taken().actions).toEqual([{ do: 'clearGhost' }]);
    });

    test.each([
      ['alive', 'failed', 'NAME_TAKEN_AT_PRIMARY'],
      ['unable', 'failed', 'NAME_TAKEN_OR_GHOST'],
      ['none', 'joining', 'X'],
      ['failed', 'joining', 'X'],
    ] as const)('%s: %s', (found, state, code) => {
      expect(afterLook(found).data.state).toMatchObject({ is: state, cause: { code } });
    });

    test('once it is cleared the join goes out again, but not for ever', () => {
      expect(afterLook('cleared').actions).toEqual([{ do: 'join' }]);
      expect(afterLook('cleared', 9).data.state.is).toBe('failed');
    });
  });

  test.each([
    ['controller', 'retry', 'waiting'],
    ['session', 'refused', 'failed'],
    ['token', 'stop', 'failed'],
    ['primary', 'slowly', 'waiting'],
  ] as const)('a ladder that ends at %s with %s: %s', (stage, reaction, state) => {
    const { data } = decided(aMembership(), aSight({ fed: null, failed: failed(stage, reaction) }));
    expect(data.state).toMatchObject({ is: state, cause: cause('X') });
    expect(data.stages.find((one) => one.stage === stage)).toMatchObject({ is: 'failed' });
    expect(data.stages.find((one) => one.stage === 'join')).toMatchObject({ is: 'waiting' });
    expect(data.refused === null).toBe(reaction !== 'refused');
  });

  test('a member of another federation is left there until a person has decided', () => {
    const elsewhere = joint({ primary: { ...aMember().primary, server: 'other.example' } });
    const { data, actions } = decided(aMembership(), aSight({ fed: elsewhere }));
    expect(data.state).toMatchObject({ is: 'failed', cause: { code: 'MEMBER_ELSEWHERE' } });
    expect(actions).toBeUndefined();
  });

  test('one that a primary has put out is held', () => {
    const { data } = decided(aMembership(), aSight({ fed: joint({ status: 'kicked' }) }));
    expect(data.state).toMatchObject({ is: 'held', cause: { code: 'PUT_OUT' } });
  });
});

describe('a member', () => {
  test('is at rest while it is well', () => {
    const { data, next, events } = decided(
      isJoined(),
      aSight({ fed: joint(), listed: { status: 'synced' } }),
    );
    expect(data.state.is).toBe('joined');
    expect(next).toEqual({ kind: 'rest' });
    expect(events).toEqual([]);
  });

  test('is degraded after three failed looks and a minute, told once, and recovers at the first good one', () => {
    let data = isJoined();
    const gone = aSight({ fed: null, failed: failed('controller', 'retry', 'TCP_REFUSED') });
    const told: string[] = [];
    for (const after of [0, 20, 40, 60, 90]) {
      const plan = decided(data, gone, { now: start + minute + after * second });
      told.push(...types(plan.events));
      ({ data } = plan);
      expect(data.state.is).toBe(after < 60 ? 'joined' : 'degraded');
    }
    expect(told).toEqual(['join.degraded']);
    const well = decided(data, aSight({ fed: joint(), listed: { status: 'synced' } }));
    expect(types(well.events)).toEqual(['join.recovered']);
  });

  test('a refused sign-in is told at once, and not tried by steps again', () => {
    const { data, next } = decided(isJoined(), aSight({ fed: null, failed: failed('session', 'refused') }));
    expect(data.state.is).toBe('degraded');
    expect(data.refused).toMatchObject({ of: 'controller', version: 1 });
    expect(next).toEqual({ kind: 'rest' });
  });

  test.each(['no', 'mend'] as const)('put out by the primary: held, with stayJoined %s', (stayJoined) => {
    const member = { ...isJoined(), wish: { ...isJoined().wish!, stayJoined } };
    const plan = decided(member, aSight({ fed: joint({ status: 'kicked' }) }));
    expect(plan.data.state.is).toBe('held');
    expect(types(plan.events)).toEqual(['join.lost']);
    expect(plan.actions).toBeUndefined();
  });

  test('put out by the primary: leaves what is left and joins again, with stayJoined always', () => {
    const always = { ...isJoined(), wish: { ...isJoined().wish!, stayJoined: 'always' as const } };
    const lost = decided(always, aSight({ fed: joint({ status: 'kicked' }) }));
    expect(types(lost.events)).toEqual(['join.lost']);
    expect(lost.actions).toEqual([{ do: 'leave', force: true }]);
    const left: Did = { did: 'left', outcome: { is: 'done' }, force: true };
    const again = decided(lost.data, aSight(), { did: [left] });
    expect(again.actions).toEqual([{ do: 'join' }]);
  });

  test('alone all of a sudden: believed when it is seen twice', () => {
    const alone = aSight();
    const once = decided(isJoined(), alone);
    expect(once.data.state.is).toBe('joined');
    const twice = decided(once.data, alone, { now: start + 12 * second });
    expect(twice.data.state).toMatchObject({ is: 'held', cause: { code: 'PUT_OUT' } });
    const back = decided(once.data, aSight({ fed: joint() }), { now: start + 12 * second });
    expect(back.data).toMatchObject({ state: { is: 'joined' }, failing: null });
  });

  test('with another primary: told, and brought back unless it is not to be', () => {
    const elsewhere = joint({ primary: { ...aMember().primary, server: 'other.example', id: 'p2' } });
    const plan = decided(isJoined(), aSight({ fed: elsewhere }));
    expect(plan.data.state).toMatchObject({ is: 'degraded', cause: { code: 'WRONG_PRIMARY' } });
    expect(plan.actions).toEqual([{ do: 'leave', force: false }]);
    const left: Did = { did: 'left', outcome: { is: 'done' }, force: false };
    const back = decided(plan.data, aSight(), { did: [left] });
    expect(back.data.state.is).toBe('joining');
    const no = { ...isJoined(), wish: { ...isJoined().wish!, stayJoined: 'no' as const } };
    expect(decided(no, aSight({ fed: elsewhere })).actions).toBeUndefined();
  });

  test('out of sync for a quarter of an hour: told, and the rules are sent again, a few times', () => {
    const out = aSight({ fed: joint(), listed: { status: 'out_of_sync' } });
    let { data } = decided(isJoined(), out, { now: start });
    expect(data.state.is).toBe('joined');
    let sentRules = 0;
    for (let now = start; now < start + 12 * 60 * minute; now += 5 * minute) {
      const plan = decided(data, out, { now });
      ({ data } = plan);
      if (plan.actions) sentRules++;
    }
    expect(data.state).toMatchObject({ is: 'degraded', cause: { code: 'OUT_OF_SYNC' } });
    expect(sentRules).toBe(5);
  });

  test.each([
    [{ primary: { ...aMember().primary, status: 'disconnected' } }, 'synced', 'PRIMARY_OUT_OF_TOUCH'],
    [{ status: 'joint_version_too_new' }, 'synced', 'VERSIONS_APART'],
    [{}, 'disconnected', 'PRIMARY_CANNOT_REACH'],
    [{}, null, 'NOT_LISTED'],
  ] as const)('%j, listed as %s: %s', (member, status, code) => {
    let data = isJoined();
    for (const after of [0, 20, 40, 60]) {
      ({ data } = decided(data, aSight({ fed: joint(member), listed: { status } }), {
        now: start + after * second,
      }));
    }
    expect(data.state).toMatchObject({ is: 'degraded', cause: { code } });
  });
});

describe('what persons wish', () => {
  test('a refused credential is not tried again until it has changed', () => {
    const { data } = decided(aMembership(), aSight({ fed: null, failed: failed('session', 'refused') }));
    expect(() => retried(data, 'store-1', start)).toThrow('SIGN_IN_STILL_REFUSED');
    const { controller, wish } = data;
    const next = changed(
      data,
      {
        controller: { ...controller, credential: { ...controller.credential, version: 2 } },
        wish,
        secret: { sealed: '' },
      },
      's1_y',
      start,
    );
    expect(next.data.state.is).toBe('waiting');
    expect(decided(next.data, aSight()).data.refused).toBeNull();
  });

  test('leaving goes by the primary first, without it where that fails, and clears what stays there', () => {
    const { data } = leaving(isJoined(), 'store-1', start);
    const first = decided(data, aSight({ fed: joint() }));
    expect(first.actions).toEqual([{ do: 'leave', force: false }]);
    const refused: Did = {
      did: 'left',
      force: false,
      outcome: { is: 'failed', reaction: 'force', cause: cause('X'), answer: null },
    };
    const second = decided(first.data, aSight({ fed: joint() }), { did: [refused] });
    expect(second.actions).toEqual([{ do: 'leave', force: true }]);
    const third = decided(second.data, aSight(), {
      did: [{ ...refused, force: true, outcome: { is: 'done' } }],
    });
    expect(third.actions).toEqual([{ do: 'clearGhost' }]);
    const end = decided(third.data, aSight(), {
      did: [{ did: 'clearedGhost', found: 'unable', cause: null }],
    });
    expect(end.data.state.is).toBe('left');
    expect(end.data.warnings.map(({ code }) => code)).toEqual(['GHOST_LEFT']);
    expect(types(end.events)).toEqual(['join.left']);
  });

  test('leaving goes on, ever less often, for as long as it is asked for', () => {
    let { data } = leaving(isJoined(), 'store-1', start);
    const unanswered: Did = {
      did: 'left',
      force: true,
      outcome: { is: 'failed', reaction: 'look', cause: cause('X'), answer: null },
    };
    let now = start;
    const waits: number[] = [];
    for (let tries = 0; tries < 14; tries++) {
      const plan = decided(data, aSight({ fed: joint() }), { did: [unanswered], now });
      ({ data } = plan);
      waits.push(((data.nextAt ?? now) - now) / second);
      now = data.nextAt ?? now;
    }
    expect(waits.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 300]);
    expect(data.state).toMatchObject({ is: 'leaving', cause: cause('X') });
    expect(retried(data, 'store-1', now).data).toMatchObject({ attempts: 0, nextAt: null });
    const locked = decided(data, aSight({ fed: null, failed: failed('session', 'refused') }), { now });
    expect(locked.next).toEqual({ kind: 'rest' });
    expect(locked.data.state.is).toBe('leaving');
  });

  test('an end leaves the federation alone, unless it is to leave it', () => {
    expect(decided(isJoined(), null, { deletedAt: start }).next).toEqual({ kind: 'gone' });
    const leaves = { ...isJoined(), leavesAtEnd: true };
    const plan = decided(leaves, aSight({ fed: joint() }), { deletedAt: start });
    expect(plan.actions).toEqual([{ do: 'leave', force: false }]);
    expect(decided(leaves, aSight(), { deletedAt: start }).next).toEqual({ kind: 'gone' });
  });

  test('an end that cannot leave says what is left behind', () => {
    const leaves = { ...isJoined(), leavesAtEnd: true, attempts: 9 };
    const plan = decided(leaves, aSight({ fed: null, failed: failed('controller', 'retry') }), {
      deletedAt: start,
    });
    expect(types(plan.events)).toEqual(['join.left-behind']);
    expect(plan.next).toEqual({ kind: 'gone' });
  });

  test('a pause ends at its time, and what was sent before is looked for', () => {
    const before = sent();
    const { data } = paused(before, start + minute, 'night', start);
    expect(decided(data, null).next).toEqual({ kind: 'rest', wakeAt: start + minute });
    const awake = decided(data, null, { now: start + minute });
    expect(types(awake.events)).toEqual(['join.resumed']);
    expect(awake.data.sent).toEqual(before.sent);
    expect(resumed(data, start)?.data.state.is).toBe('waiting');
  });

  test('with the contract "master" the primary’s list counts, and of a gateway without one what it answered', () => {
    const direct = { contract: 'master', advertise: { server: 'own.example', port: null } } as const;
    const unlisted = aSight({ listed: { status: null } });
    const unread = aSight();
    const before = sent({}, direct);
    const done = { did: [joined('done')] };
    expect(decided(before, unlisted, done).data.state.is).toBe('joining');
    const member = decided(before, aSight({ listed: { status: 'joined' } }), done).data;
    expect(member.state.is).toBe('joined');
    expect(decided(before, unread, done).data.state.is).toBe('joined');
    expect(decided(before, unread).data.state.is).toBe('joining');
    let [later, gone] = [member, member];
    for (const now of [1, 2, 3].map((n) => start + n * minute)) {
      later = decided(later, unread, { now }).data;
      gone = decided(gone, unlisted, { now }).data;
    }
    expect(later.state.is).toBe('joined');
    expect(gone.state.is).toBe('held');
  });

  test.each([
    ['that joined', isJoined(), 'joined'],
    ['that left', { ...isJoined(), state: { is: 'left', since: start } }, 'left'],
    ['that is leaving', leaving(isJoined(), 'store-1', start).data, 'leaving'],
    [
      'that was put out',
      { ...isJoined(), state: { is: 'held', since: start, cause: cause('PUT_OUT') } },
      'held',
    ],
  ] as const)('one %s is afterwards what it was, however its pause ends', (_, before, is) => {
    const once = paused(before as MembershipData, start + minute, 'night', start).data;
    const { data } = paused(once, start + minute, 'another night', start);
    const byItself = decided(data, null, { now: start + minute });
    for (const ended of [byItself, resumed(data, start)!]) {
      expect(ended.data.state.is).toBe(is);
      expect(types(ended.events)).toEqual(['join.resumed']);
      const next = decided(ended.data, aSight(), { now: start + minute });
      expect(next.actions ?? []).not.toContainEqual({ do: 'join' });
    }
  });

  test('for metrics alone nothing but the controller matters', () => {
    const watched = aMembership({}, null);
    const well = decided(watched, aSight({ fed: null }));
    expect(well.data).toMatchObject({ state: { is: 'watching', cause: null } });
    expect(well.actions).toBeUndefined();
    const gone = decided(watched, aSight({ fed: null, failed: failed('controller', 'retry') }));
    expect(gone.data.state).toMatchObject({ is: 'watching', cause: cause('X') });
    expect(gone.next).toEqual({ kind: 'retry' });
  });
});

test('every decision on every kind of record answers something, and never joins what is a member', () => {
  const records = [aMembership(), sent(), isJoined(), aMembership({}, { primary: withPrimary })];
  for (const data of records) {
    for (const fed of [joint(), joint({ status: 'kicked' }), { role: 'master', members: 2 } as const]) {
      const { actions = [] } = decided(data, aSight({ fed }));
      expect(actions).not.toContainEqual({ do: 'join' });
    }
  }
});
