import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '#reconcile';
import { day, hour, minute, second } from '#time';
import { decide, ownFaultFor } from '../../../shared/clusters/decide.ts';
import type { ClusterData, ClusterSeen, Did, Look, Seen } from '../../../shared/clusters/model.ts';
import { aCluster, aSeen, aView, down, ill, ok, refused, shut, start } from './aCluster.ts';

const context = (now: number) => ({ now, random: 0.5, isNew: false });
const seeing = (look: Look | null, ownFault: Seen['ownFault'] = null): Seen => ({ look, ownFault });
const decided = (row: Row<ClusterData>, look: Look | null, now = start, did: Did[] = []) =>
  decide(row, seeing(look), did, context(now));
const types = (plan: { events?: { type: string }[] }) => plan.events?.map(({ type }) => type) ?? [];

/** Looks at the times that are decided, and answers when which state began and what was told. */
function story(from: Row<ClusterData>, looks: (now: number) => Look, until: number, begin = start) {
  let row = from;
  const told: { after: number; type: string }[] = [];
  const lookedAt: number[] = [];
  for (let now = begin; now <= until; ) {
    lookedAt.push((now - begin) / second);
    const plan = decided(row, looks(now), now);
    row = { ...row, data: plan.data };
    for (const type of types(plan)) told.push({ after: (now - begin) / second, type });
    if (plan.next.kind !== 'at') break;
    now = plan.next.at;
  }
  return { row, told, lookedAt };
}

describe('leaving health', () => {
  it('looks again after 20, 40 and 60 s, and tells of an outage then', () => {
    const { told, lookedAt, row } = story(aCluster(), () => down, start + 10 * minute);
    expect(lookedAt).toEqual([0, 20, 40, 60]);
    expect(told).toEqual([{ after: 60, type: 'cluster.unreachable' }]);
    expect(row.data.state).toEqual({ is: 'unreachable', since: start + minute, cause: refused });
  });

  it.each([
    { name: 'one failure', failures: 1 },
    { name: 'two failures', failures: 2 },
    { name: 'three failures within a minute', failures: 3 },
  ])('$name and an answer change nothing', ({ failures }) => {
    let looks = 0;
    const { told, row } = story(aCluster(), () => (looks++ < failures ? down : ok()), start + 10 * minute);
    expect(told).toEqual([]);
    expect(row.data).toMatchObject({ state: { is: 'healthy', since: start }, failing: null });
  });

  it('waits for a third failure where looks were late', () => {
    const late = aCluster({ failing: { outcome: 'unreachable', count: 1, since: start, cause: refused } });
    const plan = decided(late, down, start + 90 * second);
    expect(plan).toMatchObject({
      data: { state: { is: 'healthy' }, failing: { count: 2 } },
      next: { kind: 'at' },
    });
    expect(decided({ ...late, data: plan.data }, down, start + 100 * second).data.state.is).toBe(
      'unreachable',
    );
  });

  it('9: keeps counting where a worker began anew: the count is in the record', () => {
    const row = aCluster({ failing: { outcome: 'unreachable', count: 2, since: start, cause: refused } });
    const restarted = JSON.parse(JSON.stringify(row)) as typeof row;
    expect(types(decided(restarted, down, start + minute))).toEqual(['cluster.unreachable']);
  });

  it('what is refused is told at once', () => {
    const plan = decided(aCluster(), shut);
    expect(types(plan)).toEqual(['cluster.unauthorized']);
    expect(plan).toMatchObject({ data: { state: { is: 'unauthorized' } }, next: { kind: 'retry' } });
  });

  it('throttling and server errors degrade, whatever comes of them', () => {
    const { told, row } = story(aCluster(), () => ill, start + 10 * minute);
    expect(told).toEqual([{ after: 60, type: 'cluster.degraded' }]);
    expect(row.data.state.is).toBe('degraded');
    expect(decided(row, ill, start + hour)).toMatchObject({
      data: { state: { is: 'degraded' } },
      next: { kind: 'rest' },
    });
  });

  it('19: honours Retry-After', () => {
    const wait = decided(aCluster(), { ...ill, retryAfterSeconds: 37 } as Look);
    expect(wait.next).toEqual({ kind: 'at', at: start + 37 * second });
    const known = aCluster({ state: { is: 'degraded', since: start, cause: refused } });
    const long = decided(known, { ...ill, retryAfterSeconds: 300 } as Look);
    expect(long.next).toEqual({ kind: 'at', at: start + 5 * minute });
  });

  it.each([
    ['well', (seen: ClusterSeen): Look => ok({ seen })],
    ['degraded', (seen: ClusterSeen): Look => ({ ...ill, seen }) as Look],
  ])('a version that could not be asked is the one that is known: %s', (_, look) => {
    const row = aCluster({ seen: aSeen({ kubernetesVersion: 'v1.37.0+simulated', isSimulated: true }) });
    const unsaid = aSeen({ at: start + minute, kubernetesVersion: null, isSimulated: false });
    expect(decided(row, look(unsaid), start + minute).data.seen).toMatchObject({
      at: start + minute,
      kubernetesVersion: 'v1.37.0+simulated',
      isSimulated: true,
    });
  });

  it('5: the last good view stays, with its time', () => {
    const { row } = story(aCluster({ seen: aSeen({ at: start - minute }) }), () => down, start + 10 * minute);
    expect(row.data.seen).toEqual(aSeen({ at: start - minute }));
  });
});

describe('trouble of another kind', () => {
  it('a dead cluster is asked again for ever, in the back-off', () => {
    const dead = aCluster({ state: { is: 'unreachable', since: start, cause: refused } });
    const plan = decided(dead, down, start + 30 * day);
    expect(plan).toMatchObject({ next: { kind: 'retry' }, events: [] });
  });

  it('one that answers with an error is no longer unreachable', () => {
    const dead = aCluster({ state: { is: 'unreachable', since: start, cause: refused } });
    expect(types(decided(dead, ill, start + hour))).toEqual(['cluster.degraded']);
  });

  it('a degraded one is unreachable after three failures and a minute', () => {
    const known = aCluster({ state: { is: 'degraded', since: start, cause: refused } });
    const { told } = story(known, () => down, start + 10 * minute);
    expect(told).toEqual([{ after: 60, type: 'cluster.unreachable' }]);
  });
});

describe('coming back', () => {
  it.each(['degraded', 'unreachable', 'unauthorized'] as const)('two answers end %s', (is) => {
    const row = aCluster({ state: { is, since: start, cause: refused } });
    const { told, lookedAt, row: after } = story(row, () => ok(), start + 10 * minute);
    expect(lookedAt).toEqual([0, 10]);
    expect(told).toEqual([{ after: 10, type: 'cluster.recovered' }]);
    expect(after.data.state).toEqual({ is: 'healthy', since: start + 10 * second });
  });

  it.each(['unreachable', 'degraded'] as const)(
    'a failure between the two begins the count anew: %s',
    (is) => {
      const row = aCluster({ state: { is, since: start, cause: refused }, recovering: 1 });
      const failed = decided(row, down);
      expect(failed.data.recovering).toBe(0);
      expect(decided({ ...row, data: failed.data }, ok()).data.state.is).toBe(is);
    },
  );

  it('one that was never well needs one answer', () => {
    const plan = decided(aCluster({ state: { is: 'pending', since: start }, uid: null, seen: null }), ok());
    expect(types(plan)).toEqual(['cluster.connected']);
    expect(plan).toMatchObject({ data: { uid: 'uid-1', state: { is: 'healthy' } }, next: { kind: 'rest' } });
  });
});

describe('who it is', () => {
  it('a cluster with another UID is held, and told once', () => {
    const plan = decided(aCluster(), ok({ uid: 'uid-2' }));
    expect(types(plan)).toEqual(['cluster.identity-changed']);
    expect(plan.data).toMatchObject({ state: { is: 'held', uid: 'uid-2' }, uid: 'uid-1' });
    const again = decided(aCluster(plan.data), ok({ uid: 'uid-2' }));
    expect(types(again)).toEqual([]);
    expect(again.data.state).toEqual(plan.data.state);
  });

  it.each([down, ill, shut])('while held, nothing but the identity counts', (look) => {
    const held = aCluster({ state: { is: 'held', since: start, uid: 'uid-2' } });
    expect(decided(held, look, start + hour)).toMatchObject({
      data: { state: { is: 'held' } },
      events: [],
      next: { kind: 'rest' },
    });
  });

  it('who does not say who it is ends nothing', () => {
    const held = aCluster({ state: { is: 'held', since: start, uid: 'uid-2' } });
    expect(decided(held, ok({ uid: null }))).toMatchObject({
      data: { state: { is: 'held', uid: 'uid-2' }, uid: 'uid-1' },
      events: [],
    });
  });

  it('the one that was known ends it', () => {
    const held = aCluster({ state: { is: 'held', since: start, uid: 'uid-2' } });
    expect(types(decided(held, ok()))).toEqual(['cluster.recovered']);
  });

  it('a look that could not ask who it is changes nothing', () => {
    expect(decided(aCluster(), ok({ uid: null })).data).toMatchObject({
      uid: 'uid-1',
      state: { is: 'healthy' },
    });
  });
});

describe('pauses', () => {
  it('rests until then, then looks', () => {
    const state = { is: 'paused', since: start, until: start + hour, reason: 'move' } as const;
    const paused = aCluster({ state });
    expect(decided(paused, null).next).toEqual({ kind: 'rest', wakeAt: start + hour });
    const over = decided(paused, null, start + hour);
    expect(over).toMatchObject({ data: { state: { is: 'pending' } }, next: { kind: 'now' } });
    expect(types(over)).toEqual(['cluster.resumed']);
  });

  it('without an end it rests for good', () => {
    const paused = aCluster({ state: { is: 'paused', since: start, until: null, reason: '' } });
    expect(decided(paused, null, start + 300 * day).next).toEqual({ kind: 'rest' });
  });
});

describe('our own fault', () => {
  const ownFault = { since: start, cause: 'TCP_REFUSED' };
  const sure = { outcome: 'unreachable', count: 2, since: start, cause: refused } as const;

  it('holds back what fails with the same code, for at most five minutes', () => {
    const row = aCluster({ failing: sure });
    const plan = decide(row, seeing(down, ownFault), [], context(start + minute));
    expect(plan).toMatchObject({ data: { state: { is: 'healthy' } }, next: { kind: 'at' } });
    const late = decide(row, seeing(down, ownFault), [], context(start + ownFaultFor));
    expect(types(late)).toEqual(['cluster.unreachable']);
  });

  it('does not hold back another failure', () => {
    const row = aCluster({ failing: sure });
    const other = { ...ownFault, cause: 'DNS_TIMEOUT' };
    expect(types(decide(row, seeing(down, other), [], context(start + minute)))).toEqual([
      'cluster.unreachable',
    ]);
  });
});

describe('what ends', () => {
  const ca = (at: number) => ({ of: 'ca', subject: 'CN=kubernetes', at }) as const;

  it('is told 30, 7 and 1 days ahead, each once', () => {
    let row = aCluster({ expiries: [ca(start + 40 * day)] });
    const told: number[] = [];
    for (let now = start; now < start + 41 * day; now += 6 * hour) {
      const plan = decided(row, ok(), now);
      row = { ...row, data: plan.data };
      if (types(plan).includes('cluster.credentials-expiring')) told.push((now - start) / day);
    }
    expect(told).toEqual([10, 33, 39]);
  });

  it('has an appointment for the next stage', () => {
    const plan = decided(aCluster({ expiries: [ca(start + 40 * day)] }), ok());
    expect(plan.next).toEqual({ kind: 'rest', wakeAt: start + 10 * day });
  });

  it('that was renewed is told again when its time comes', () => {
    const soon = decided(aCluster({ expiries: [ca(start + 5 * day)] }), ok()).data;
    const renewed = decided(aCluster({ ...soon, expiries: [ca(start + 365 * day)] }), ok()).data;
    expect(renewed.warned).toEqual({});
  });
});

it('22: by a clock of ours that is ahead nothing has expired: who answers well is well', () => {
  const at = start - 10 * minute;
  const ended = (['token', 'certificate', 'ca', 'serverCertificate'] as const).map((of) => ({
    of,
    subject: 'drover',
    at,
  }));
  const access = { ...aCluster().data.access, credential: aView({ expiresAt: at, serviceAccount: null }) };
  const plan = decided(aCluster({ access, expiries: ended }), ok({ expiries: ended.slice(3) }));
  expect(plan).toMatchObject({ data: { state: { is: 'healthy' } }, events: [], next: { kind: 'rest' } });
});

describe('a token that ends', () => {
  const bound = (issuedAt: number, expiresAt: number) => {
    const { access } = aCluster().data;
    return { access: { ...access, credential: aView({ issuedAt, expiresAt, fingerprint: '0000' }) } };
  };

  it('is renewed at half of its life, while the cluster is well', () => {
    const row = aCluster(bound(start, start + 48 * hour));
    expect(decided(row, ok()).actions).toBeUndefined();
    expect(decided(row, ok()).next).toEqual({ kind: 'rest', wakeAt: start + 24 * hour });
    expect(decided(row, ok(), start + 24 * hour).actions).toEqual([{ do: 'renew' }]);
    const dead = aCluster({ ...row.data, state: { is: 'unreachable', since: start, cause: refused } });
    expect(decided(dead, down, start + 24 * hour).actions).toBeUndefined();
  });

  it('its successor goes into a slot of its own, and is looked at at once', () => {
    const credential = aView({ version: 2, expiresAt: start + 72 * hour });
    const plan = decided(aCluster(bound(start, start + 48 * hour)), ok(), start + 24 * hour, [
      { did: 'renewed', sealed: 'v1.x', credential },
    ]);
    expect(plan).toMatchObject({ secret: { value: { sealed: 'v1.x' } }, next: { kind: 'now' } });
    expect(plan.secret!.into(plan.data, 's2_y')).toMatchObject({
      slot: 's2_y',
      access: { credential: { version: 2 } },
      expiries: [{ of: 'token', at: start + 72 * hour }],
    });
  });

  it('takes along what was said of it, and of nothing else', () => {
    const said = (code: string) => ({ code, values: {} });
    const accessWarnings = [said('TOKEN_BOUND'), said('CERT_NOT_FOR_CLIENTS')];
    const row = aCluster({ ...bound(start, start + 48 * hour), accessWarnings });
    const looked = decided(row, ok({ warnings: [said('HTTP_TIMEOUT')] })).data;
    expect(looked).toMatchObject({ accessWarnings, warnings: [{ code: 'HTTP_TIMEOUT' }] });
    const credential = aView({ version: 2, expiresAt: start + 72 * hour });
    const plan = decided(row, ok(), start + 24 * hour, [{ did: 'renewed', sealed: 'v1.x', credential }]);
    expect(plan.secret!.into(plan.data, 's2_y').accessWarnings).toEqual([said('CERT_NOT_FOR_CLIENTS')]);
  });

  it('what was done with one that was replaced meanwhile is forgotten', () => {
    const other = { ...bound(start, start + 48 * hour).access, server: 'https://other:6443' };
    const row = aCluster({ access: { ...other, credential: aView({ version: 2 }) } });
    const credential = aView({ version: 2, expiresAt: start + 72 * hour });
    const renewed = decided(row, ok(), start, [{ did: 'renewed', sealed: 'v1.x', credential }]);
    expect(renewed.secret).toBeUndefined();
    const failed = decided(row, ok(), start, [{ did: 'renewFailed', version: 1, cause: refused }]);
    expect(failed.data.renewal).toBeNull();
  });

  it('a failure is kept with its cause, and tried again later', () => {
    const row = aCluster(bound(start, start + 48 * hour));
    const plan = decided(row, ok(), start + 24 * hour, [{ did: 'renewFailed', version: 1, cause: refused }]);
    expect(plan.data.renewal).toEqual({ attempt: 1, failedAt: start + 24 * hour, cause: refused });
    expect(plan.next).toEqual({ kind: 'rest', wakeAt: start + 24 * hour + 5 * minute });
  });
});

it('a sync that was told of what is no longer wanted is told again', () => {
  const wanted = { sync: { kinds: ['pods' as const], everySeconds: 3600 }, isSyncTold: false };
  const changed = aCluster(wanted, { version: 2 });
  expect(decided(changed, ok(), start, [{ did: 'synced', version: 1 }]).actions).toEqual([{ do: 'sync' }]);
  const gone = aCluster(wanted, { version: 2, deletedAt: start });
  expect(decided(gone, null, start, [{ did: 'synced', version: 1 }]).actions).toEqual([{ do: 'sync' }]);
});

it('a deleted cluster tells its sync and goes, whatever it answers', () => {
  const gone = aCluster({}, { deletedAt: start });
  expect(decided(gone, null).actions).toEqual([{ do: 'sync' }]);
  expect(decided(gone, null, start, [{ did: 'synced', version: 1 }]).actions).toBeUndefined();
  for (const look of [null, ok(), down]) expect(decided(gone, look).next).toEqual({ kind: 'gone' });
});

describe('whatever is seen', () => {
  const look = fc.constantFrom<Look>(ok(), ok({ uid: 'uid-2' }), down, ill, shut);
  const walk = fc.array(fc.tuple(look, fc.integer({ min: 1, max: 900 })), { maxLength: 40 });

  it('a state changes with an event that says so, and never without', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let row = aCluster();
        let now = start;
        for (const [seen, seconds] of steps) {
          now += seconds * second;
          const plan = decided(row, seen, now);
          const [from, to] = [row.data.state.is, plan.data.state.is];
          const changes = (plan.events ?? []).filter(({ to: target }) => target !== undefined);
          expect(changes.map((event) => [event.from, event.to])).toEqual(from === to ? [] : [[from, to]]);
          row = { ...row, data: plan.data };
        }
      }),
      { seed: 6 },
    );
  });

  it('nothing leaves health for unreachable within a minute of its first failure', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let row = aCluster();
        let now = start;
        let lastWell = now;
        for (const [seen, seconds] of steps) {
          now += seconds * second;
          const plan = decided(row, seen, now);
          if (row.data.state.is === 'healthy' && plan.data.state.is === 'unreachable') {
            expect(plan.data.state.since - lastWell).toBeGreaterThanOrEqual(minute);
          }
          if (seen.outcome === 'ok') lastWell = now;
          row = { ...row, data: plan.data };
        }
      }),
      { seed: 6 },
    );
  });

  it('every plan says when to come again, and never in the past', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        let row = aCluster({ expiries: [{ of: 'ca', subject: 'x', at: start + 20 * day }] });
        let now = start;
        for (const [seen, seconds] of steps) {
          now += seconds * second;
          const { next, data } = decided(row, seen, now);
          const time = next.kind === 'at' ? next.at : next.kind === 'rest' ? next.wakeAt : undefined;
          if (time !== undefined) expect(time).toBeGreaterThan(now);
          row = { ...row, data };
        }
      }),
      { seed: 6 },
    );
  });
});
