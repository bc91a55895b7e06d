import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clustersArea, present } from '#clusters';
import type { Row } from '#reconcile';
import { day, minute } from '#time';
import { type ClustersData, fleetId, read } from '../../../shared/clusters/model.ts';
import { aCluster, aSeen, aView, clusterData, refused, start } from './aCluster.ts';

const row = (...given: Parameters<typeof aCluster>): Row<ClustersData> => aCluster(...given);

describe('what a cluster is told to be', () => {
  it('the sentences come in the language of who reads', () => {
    const dead = row({ state: { is: 'unreachable', since: start, cause: refused } });
    expect(present(dead)).toMatchObject({
      state: 'unreachable',
      cause: 'TCP_REFUSED',
      message: expect.stringContaining('10.1.2.3:6443'),
      remedy: expect.stringMatching(/\w/),
    });
    expect(present(dead, 'zh').message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('a first failure is told as a cause while the state still stands', () => {
    const failing = { outcome: 'unreachable', count: 1, since: start, cause: refused } as const;
    expect(present(row({ failing }))).toMatchObject({ state: 'healthy', cause: 'TCP_REFUSED' });
  });

  it('what is shown while it does not answer is the last that was seen, with its time', () => {
    const dead = row({
      state: { is: 'unreachable', since: start, cause: refused },
      seen: aSeen({ at: start - 5 * minute }),
    });
    expect(present(dead)).toMatchObject({
      lastSuccessAt: '2026-03-01T09:55:00.000Z',
      nodes: { total: 3, ready: 3 },
      pods: { total: 20, running: 19 },
    });
  });

  it.each([
    ['v1.34.1-eks-113cf36', '2026-10-27T00:00:00.000Z'],
    ['v1.99.0', null],
    [null, null],
  ])('how long Kubernetes patches %s', (kubernetesVersion, supportedUntil) => {
    expect(present(row({ seen: aSeen({ kubernetesVersion }) }))).toMatchObject({ supportedUntil });
  });

  it('neither the slot nor what lies in it is shown', () => {
    expect(JSON.stringify(present(row({ slot: 's1_secret' })))).not.toContain('s1_secret');
  });

  it('what ends soon, and what is not verified, is warned of', () => {
    const { access } = clusterData();
    const warned = row({
      access: { ...access, isVerified: false },
      accessWarnings: [{ code: 'TOKEN_NEVER_EXPIRES', values: { subject: 'drover' } }],
      expiries: [{ of: 'ca', subject: 'CN=kubernetes', at: start + 5 * day }],
      warned: { 'ca CN=kubernetes': 7 },
    });
    expect(present(warned).warnings).toMatchObject([
      { code: 'TOKEN_NEVER_EXPIRES' },
      { code: 'CA_EXPIRES_SOON', days: 7 },
      { code: 'SERVER_UNVERIFIED' },
    ]);
  });

  it('a deleted one says what is left behind in the cluster', () => {
    expect(present(row({}, { deletedAt: start })).leftBehind).toMatchObject([
      { kind: 'ServiceAccount', namespace: 'drover-system', name: 'drover' },
      { kind: 'ClusterRole', name: 'drover-*' },
      { kind: 'ClusterRoleBinding' },
    ]);
    expect(present(row())).not.toHaveProperty('leftBehind');
    const { access } = clusterData();
    const opaque = { ...access, credential: aView({ subject: null, serviceAccount: null }) };
    expect(present(row({ access: opaque }, { deletedAt: start })).leftBehind).toEqual([]);
  });

  it('a simulated one is never shown as anything else', () => {
    expect(present(row({ seen: aSeen({ isSimulated: true }) }))).toMatchObject({ simulated: true });
  });
});

describe('its version', () => {
  const told = (...given: Parameters<typeof aCluster>) => JSON.stringify(clustersArea.told(row(...given)));

  it.each([
    { name: 'counts and latency', data: { seen: aSeen({ nodes: { total: 9, part: 9 }, latencyMs: 90 }) } },
    { name: 'the time of a look', data: { checkedAt: start + minute } },
    { name: 'a slot', data: { slot: 's2_y' } },
    { name: 'answers on the way back', data: { recovering: 1 } },
  ])('stays with $name', ({ data }) => {
    expect(told(data)).toBe(told());
  });

  it.each([
    { name: 'a state', data: { state: { is: 'pending', since: start } as const } },
    {
      name: 'a cause',
      data: { failing: { outcome: 'degraded', count: 1, since: start, cause: refused } as const },
    },
    {
      name: 'a credential',
      data: { access: { ...clusterData().access, credential: aView({ version: 2 }) } },
    },
    { name: 'an upgrade', data: { seen: aSeen({ kubernetesVersion: 'v1.38.0' }) } },
    { name: 'a warning', data: { warnings: [refused] } },
  ])('rises with $name', ({ data }) => {
    expect(told(data)).not.toBe(told());
  });
});

it('lists know what they filter by', () => {
  const ends = [start + 9 * day, start + 3 * day].map((at) => ({ of: 'ca', subject: `${at}`, at }) as const);
  expect(clustersArea.summarise(row({ expiries: ends }))).toMatchObject({
    state: 'healthy',
    cause: null,
    kubernetesVersion: 'v1.37.1',
    uid: 'uid-1',
    expiresAt: start + 3 * day,
  });
  expect(clustersArea.summarise(row({}, { deletedAt: start })).state).toBe('deleting');
});

it('what goes to webhooks stands in docs/webhooks.md', () => {
  const told = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
  const rows = [...told.matchAll(/^\| `((?:cluster|fleet)\.[a-z-]+)` \|/gm)].map(([, type]) => type);
  expect(rows.sort()).toEqual([...clustersArea.webhookEvents].sort());
});

it('a stored row that is none of this kind is refused', () => {
  const fleet = { kind: 'fleet', suspected: null };
  expect(read(fleet, 1, 'fleet')).toEqual(fleet);
  expect(() => read(fleet, 1, 'cluster')).toThrow(/fleet/);
  expect(() => read({ ...clusterData(), state: { is: 'sideways' } }, 1, 'cluster')).toThrow();
  expect(read(JSON.parse(JSON.stringify(clusterData())), 1, 'cluster')).toEqual(clusterData());
  expect(clustersArea.faultRow).toMatchObject({ id: fleetId, kind: 'fleet' });
});
