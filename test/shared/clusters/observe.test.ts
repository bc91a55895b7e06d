import { describe, expect, it } from 'vitest';
import { DroverError } from '#errors';
import { kubernetesErrors } from '#kubernetes/errors';
import { netErrors } from '#net/errors';
import type { Row, WorkContext } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { day, hour, minute } from '#time';
import type { ClusterData, Look } from '../../../shared/clusters/model.ts';
import { type Eyes, lookFor, observe, observeFleet } from '../../../shared/clusters/observe.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aCluster, aSeen, aView, down, ill, ok, refused, shut, start, throttled } from './aCluster.ts';

const context = { signal: new AbortController().signal } as WorkContext;

/** Eyes that see what a test gives; `asked` counts how often. */
function eyes(look: Look | DroverError, fleet?: Row<ClusterData>) {
  let asked = 0;
  const counted: unknown[] = [];
  const forgotten: string[] = [];
  const seeing: Eyes = {
    meter: {
      count: (family, labels) => void counted.push([family, labels]),
      observe: (family, labels, value) => void counted.push([family, labels, value]),
    },
    clock: new SteppedClock(start),
    net: { send: () => Promise.reject(new Error('not asked')) },
    reach: {
      forget: (id) => void forgotten.push(id),
      async to<T>(): Promise<T> {
        asked++;
        if (look instanceof DroverError) throw look;
        return look as T;
      },
    },
    fleet: async () => fleet as never,
  };
  return { seeing, asked: () => asked, counted, forgotten };
}

describe('a round', () => {
  const certificate = { of: 'serverCertificate', subject: 'x', at: start + day } as const;
  it.each<{ name: string; row: Partial<ClusterData>; look: Look; differs: boolean; isOk: boolean }>([
    { name: 'a healthy one that is well', row: {}, look: ok(), differs: false, isOk: true },
    { name: 'a healthy one that is down', row: {}, look: down, differs: true, isOk: false },
    { name: 'a healthy one that refuses', row: {}, look: shut, differs: true, isOk: false },
    { name: 'a healthy one that is throttled', row: {}, look: ill, differs: true, isOk: false },
    { name: 'another identity', row: {}, look: ok({ uid: 'uid-2' }), differs: true, isOk: true },
    {
      name: 'an identity that could not be asked',
      row: {},
      look: ok({ uid: null }),
      differs: false,
      isOk: true,
    },
    {
      name: 'another version',
      row: {},
      look: ok({ seen: aSeen({ kubernetesVersion: 'v1.38.0' }) }),
      differs: true,
      isOk: true,
    },
    {
      name: 'a version that could not be asked',
      row: {},
      look: ok({ seen: aSeen({ kubernetesVersion: null }) }),
      differs: false,
      isOk: true,
    },
    {
      name: 'other counts, which are news of no kind',
      row: {},
      look: ok({ seen: aSeen({ nodes: { total: 9, part: 1 }, latencyMs: 400 }) }),
      differs: false,
      isOk: true,
    },
    { name: 'a warning', row: {}, look: ok({ warnings: [throttled] }), differs: true, isOk: true },
    {
      name: 'a certificate that is new',
      row: {},
      look: ok({ expiries: [certificate] }),
      differs: true,
      isOk: true,
    },
    {
      name: 'a warning in other words, which a server may choose anew each time',
      row: { warnings: [refused, throttled] },
      look: ok({ warnings: [{ ...throttled, values: { reason: 'request 2' } }, refused] }),
      differs: false,
      isOk: true,
    },
    {
      name: 'the certificate of the server beside it, made an hour later',
      row: { expiries: [certificate] },
      look: ok({ expiries: [{ ...certificate, at: certificate.at + hour }] }),
      differs: false,
      isOk: true,
    },
    {
      name: 'a certificate that was renewed',
      row: { expiries: [certificate] },
      look: ok({ expiries: [{ ...certificate, at: certificate.at + 90 * day }] }),
      differs: true,
      isOk: true,
    },
    {
      name: 'a certificate that is known',
      row: { expiries: [{ of: 'ca', subject: 'y', at: start }, certificate] },
      look: ok({ expiries: [certificate] }),
      differs: false,
      isOk: true,
    },
    {
      name: 'a degraded one in the same trouble',
      row: { state: { is: 'degraded', since: start, cause: throttled } },
      look: ill,
      differs: false,
      isOk: true,
    },
    {
      name: 'a degraded one in other trouble',
      row: { state: { is: 'degraded', since: start, cause: refused } },
      look: ill,
      differs: true,
      isOk: false,
    },
    {
      name: 'a degraded one that is well again',
      row: { state: { is: 'degraded', since: start, cause: throttled } },
      look: ok(),
      differs: true,
      isOk: true,
    },
    {
      name: 'one that is held, and still the other',
      row: { state: { is: 'held', since: start, uid: 'uid-2' } },
      look: ok({ uid: 'uid-2' }),
      differs: false,
      isOk: true,
    },
    {
      name: 'one that is held, and itself again',
      row: { state: { is: 'held', since: start, uid: 'uid-2' } },
      look: ok(),
      differs: true,
      isOk: true,
    },
  ])('$name: differs $differs', async ({ row, look, differs, isOk }) => {
    expect(await lookFor(eyes(look).seeing, aCluster(row), context)).toMatchObject({ differs, ok: isOk });
  });

  it('counts what it saw, and nothing that it did not', async () => {
    const seen = aSeen({ nodes: { total: 3, part: null }, pods: null });
    const beat = await lookFor(eyes(ok({ seen })).seeing, aCluster(), context);
    expect(beat).toMatchObject({ latency: 12, counts: { nodes: 3 } });
    expect(beat.counts).toEqual({ nodes: 3 });
  });

  it('an address that cannot be reached at all is a cause like any other', async () => {
    const forbidden = new DroverError('TARGET_FORBIDDEN', netErrors.TARGET_FORBIDDEN, { host: 'x' });
    expect(await lookFor(eyes(forbidden).seeing, aCluster(), context)).toMatchObject({
      ok: false,
      cause: 'TARGET_FORBIDDEN',
    });
  });
});

it.each([
  ['no way there', down, 'TCP_REFUSED'],
  ['refused', shut, undefined],
  ['throttled', ill, undefined],
])('%s: a round tells rule 15 of causes on the way alone', async (_, look, cause) => {
  expect((await lookFor(eyes(look).seeing, aCluster(), context)).cause).toBe(cause);
});

// The API server says 401 to whatever it does not take.
it.each([
  ['token', 'token', start - day, 'TOKEN_EXPIRED_LOCAL'],
  ['token', 'token', start + day, 'AUTH_REJECTED'],
  ['certificate', 'certificate', start - day, 'CERT_EXPIRED_LOCAL'],
  ['kubeconfig', 'certificate', start - day, 'CERT_EXPIRED_LOCAL'],
  ['kubeconfig', 'token', start - day, 'TOKEN_EXPIRED_LOCAL'],
] as const)(
  '12: a refused %s that holds a %s is called by what has ended: %#',
  async (type, of, at, code) => {
    const credential = aView({ type, expiresAt: at });
    const row = aCluster({
      access: { ...aCluster().data.access, credential },
      expiries: [{ of, subject: 'drover', at }],
    });
    const rejected = new DroverError('AUTH_REJECTED', kubernetesErrors.AUTH_REJECTED, { host: 'x', port: 1 });
    const { look } = await observe(eyes(rejected).seeing, row, context);
    expect(look).toMatchObject({ outcome: 'unauthorized', cause: { code } });
  },
);

describe('a step', () => {
  it.each<{ name: string; row: Row<ClusterData>; isAsked: boolean }>([
    { name: 'looks', row: aCluster(), isAsked: true },
    { name: 'leaves a deleted one alone', row: aCluster({}, { deletedAt: start }), isAsked: false },
    {
      name: 'leaves a paused one alone',
      row: aCluster({ state: { is: 'paused', since: start, until: start + minute, reason: '' } }),
      isAsked: false,
    },
    {
      name: 'looks at one whose pause is over',
      row: aCluster({ state: { is: 'paused', since: start, until: start, reason: '' } }),
      isAsked: true,
    },
  ])('$name', async ({ row, isAsked }) => {
    const { seeing, asked } = eyes(ok());
    const seen = await observe(seeing, row, context);
    expect(asked()).toBe(isAsked ? 1 : 0);
    expect(seen.look === null).toBe(!isAsked);
  });

  it('reads whether our own fault is suspected before a cluster leaves health', async () => {
    const suspected = { since: start, cause: 'TCP_REFUSED' };
    const fleet = { ...aCluster(), data: { kind: 'fleet', suspected } } as never;
    expect((await observe(eyes(down, fleet).seeing, aCluster(), context)).ownFault).toEqual(suspected);
    expect((await observe(eyes(ok(), fleet).seeing, aCluster(), context)).ownFault).toBeNull();
  });
});

describe('the known-good address', () => {
  const answering = async () => ({}) as never;
  const failing = (code: 'TCP_TIMEOUT' | 'REDIRECTED') => async () => {
    throw new DroverError(code, netErrors[code], { host: 'x', port: 443, location: '' });
  };

  it.each([
    ['is asked of nobody while few fail', 5, failing('TCP_TIMEOUT'), null],
    ['answers', 40, answering, false],
    ['answers with another address to go to', 40, failing('REDIRECTED'), false],
    ['does not answer either', 40, failing('TCP_TIMEOUT'), true],
  ])('%s', async (_, failed, send, isKnownGoodDown) => {
    const table = new MemoryTable();
    const beats = Array.from({ length: 100 }, (_, i) =>
      i < failed
        ? { id: `clu_${i}`, at: start, ok: false, cause: 'TCP_TIMEOUT' }
        : { id: `clu_${i}`, at: start, ok: true },
    );
    const pulse = { everySeconds: 300, slice: 7, at: start, beats, failing: [] };
    await table.put({ ...keys.pulseKey('clusters', 300, 7), pulse: JSON.stringify(pulse) });
    const seeing = { ...eyes(ok()).seeing, knownGood: 'https://example.org', net: { send } };
    const seen = await observeFleet(seeing, { ...context, table });
    expect(seen).toMatchObject({ verdict: { looked: 100, failed }, isKnownGoodDown });
  });
});

describe('what is counted', () => {
  it.each([
    [ok(), 'ok', undefined],
    [down, 'unreachable', 'TCP_REFUSED'],
    [shut, 'unauthorized', 'AUTH_REJECTED'],
    [ill, 'degraded', 'THROTTLED'],
  ])('is every look, by what came of it and why: %#', async (look, outcome, cause) => {
    const { seeing, counted } = eyes(look);
    await lookFor(seeing, aCluster(), context);
    expect(counted).toEqual([
      ['drover_cluster_check_duration_seconds', { outcome }, 0],
      ...(cause ? [['drover_cluster_check_failures_total', { cause }]] : []),
    ]);
  });
});

it('what is open of a credential that the cluster refuses is forgotten, and of no other', async () => {
  for (const [look, forgets] of [
    [shut, ['clu_1']],
    [ok(), []],
    [down, []],
  ] as const) {
    const { seeing, forgotten } = eyes(look);
    await lookFor(seeing, aCluster(), context);
    expect(forgotten).toEqual(forgets);
  }
});
