import { describe, expect, it } from 'vitest';
import { keys } from '#store';
import { hour, minute, second } from '#time';
import type { Prepared } from '../../../shared/clusters/calls.ts';
import type { Validation } from '../../../shared/clusters/ladder/validation.ts';
import type { ClustersData } from '../../../shared/clusters/model.ts';
import { aWorldCluster } from '../kubernetes/aWorldCluster.ts';
import { aWorker, bodyOf, by, registered } from './aWorker.ts';

it('6: a cluster in which nothing runs and nothing is synced is looked at, and is healthy', async () => {
  const worker = aWorker();
  const row = await registered(worker, await aWorldCluster());
  expect(row.data).toMatchObject({
    state: { is: 'healthy' },
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    seen: { isSimulated: true, nodes: { total: 0 }, apiGroups: expect.any(Number) },
  });
  expect(await worker.eventsOf(row.id)).toEqual(['cluster.created', 'cluster.connected']);
});

describe('an outage', () => {
  it('is told a minute after it was noticed, and so is its end', async () => {
    const worker = aWorker();
    const cluster = await aWorldCluster();
    const { id } = await registered(worker, cluster);
    await cluster.exposed.switchOn({ kind: 'resetAtOnce' });
    await worker.engine.wake(id);
    let row = await worker.step(id);
    expect(row.data).toMatchObject({
      state: { is: 'healthy' },
      failing: { count: 1, cause: { code: 'TLS_RESET' } },
    });
    for (const [after, state] of [
      [20, 'healthy'],
      [20, 'healthy'],
      [20, 'unreachable'],
    ] as const) {
      worker.clock.push(after * second);
      row = await worker.step(id);
      expect(row.data.state.is).toBe(state);
    }
    expect(row.data.seen).not.toBeNull();
    await cluster.exposed.clear();
    worker.clock.push(20 * minute);
    row = await worker.recover(id);
    expect(row.data.state.is).toBe('healthy');
    expect(await worker.eventsOf(id)).toEqual([
      'cluster.created',
      'cluster.connected',
      'cluster.unreachable',
      'cluster.recovered',
    ]);
  });

  it('9: goes on being counted by another worker', async () => {
    const worker = aWorker();
    const cluster = await aWorldCluster();
    const { id } = await registered(worker, cluster);
    await cluster.exposed.switchOn({ kind: 'refused' });
    await worker.engine.wake(id);
    for (const _ of [0, 20, 40]) {
      await worker.step(id);
      worker.clock.push(20 * second);
    }
    const other = aWorker(worker.table, worker.clock);
    expect((await other.step(id)).data.state).toMatchObject({
      is: 'unreachable',
      cause: { code: 'TCP_REFUSED' },
    });
  });
});

it('10: a credential that is replaced is used at once, by the same record with the same history', async () => {
  const worker = aWorker();
  const cluster = await aWorldCluster();
  const refused = { ...cluster, access: { ...cluster.access, bearer: () => 'no-such-token' } };
  const { id, data } = await registered(worker, refused);
  expect(data.state).toMatchObject({ is: 'unauthorized', cause: { code: 'AUTH_REJECTED' } });

  const call = { do: 'prepare', id, version: 2, body: bodyOf(cluster), unchecked: false, of: id } as const;
  const prepared = (await worker.answer(call)) as unknown as Prepared;
  expect(prepared.validation).toMatchObject({ code: null });
  const { access, secret } = prepared;
  const into = (next: ClustersData, slot: string): ClustersData =>
    next.kind === 'cluster' ? { ...next, access: access!, slot } : next;
  await worker.engine.records.change(id, 'cluster', () => ({ secret: { value: secret!, into } }), by);
  const healed = await worker.recover(id);
  expect(healed.data).toMatchObject({ state: { is: 'healthy' }, access: { credential: { version: 2 } } });
  expect(await worker.eventsOf(id)).toEqual(['cluster.created', 'cluster.unauthorized', 'cluster.recovered']);
});

it('7: a cluster that cannot be reached is deleted to the end, and its name is free at once', async () => {
  const worker = aWorker();
  const cluster = await aWorldCluster();
  const { id, name, data } = await registered(worker, cluster);
  const { engine, clock, table } = worker;
  await cluster.exposed.switchOn({ kind: 'refused' });
  const step = () => engine.work({ at: clock.now(), kind: 'step', ids: [id] });
  await engine.records.remove(id, 'cluster', by);
  await step();
  expect(await engine.records.get(id, 'cluster')).toBeUndefined();
  const again = { kind: 'cluster', id: engine.records.newId('cluster'), name, labels: {}, data };
  expect(await engine.records.create(again, by)).toMatchObject({ outcome: 'created' });
  // Its tombstone waits for what may land late; then nothing is left.
  clock.push(hour);
  await step();
  expect(await table.get(keys.rowKey('clusters', id))).toBeUndefined();
  expect(await engine.records.get(name, 'cluster')).toMatchObject({ id: again.id });
});

it('a check asks for the capabilities that are named, Secrets among them', async () => {
  const worker = aWorker();
  const { id } = await registered(worker, await aWorldCluster());
  const asked = async (capabilities?: string[]) => {
    const call = { do: 'check', id, ...(capabilities && { capabilities }) } as const;
    const { permissions } = (await worker.answer(call)) as unknown as Validation;
    return [...new Set(permissions.map(({ capability }) => capability))];
  };
  expect(await asked(['watch', 'secrets'])).toEqual(['watch', 'secrets']);
  expect(await asked()).not.toContain('secrets');
});

it('another cluster at the address is held, and nothing more is asked of it', async () => {
  const worker = aWorker();
  const cluster = await aWorldCluster();
  const { id } = await registered(worker, cluster);
  await cluster.exposed.switchOn({ kind: 'otherCluster' });
  await worker.engine.wake(id);
  expect((await worker.step(id)).data.state).toMatchObject({ is: 'held' });
  await cluster.exposed.clear();
  await worker.engine.wake(id);
  expect((await worker.step(id)).data.state).toMatchObject({ is: 'healthy' });
});

it('a round over clusters that are as they were writes none of them', async () => {
  const worker = aWorker();
  const cluster = await aWorldCluster();
  const { id } = await registered(worker, cluster);
  const slice = keys.sliceOf(id);
  const before = await worker.read(id);
  for (const _ of [1, 2, 3]) {
    worker.clock.push(5 * minute);
    const { round } = await worker.engine.work({
      at: worker.clock.now(),
      kind: 'round',
      everySeconds: 300,
      slice,
    });
    expect(round).toBe('done');
  }
  expect(await worker.read(id)).toEqual(before);
});

describe('a server that is not verified', () => {
  it('is sent nothing once the installation no longer allows it', async () => {
    const worker = aWorker();
    const cluster = await aWorldCluster();
    const row = await registered(worker, cluster);
    const unverified = (data: ClustersData): ClustersData =>
      data.kind === 'cluster' ? { ...data, access: { ...data.access, isVerified: false } } : data;
    await worker.engine.records.change(row.id, 'cluster', ({ data }) => ({ data: unverified(data) }), by);
    expect((await worker.step(row.id)).data.failing?.cause.code).toBe('INSECURE_NO_LONGER_ALLOWED');
    expect(await worker.answer({ do: 'check', id: row.id })).toMatchObject({
      code: 'INSECURE_NO_LONGER_ALLOWED',
      failedStep: 'parse',
    });
  });
});

it('an opening that a person asked for names that person in the audit', async () => {
  const worker = aWorker();
  const { id } = await registered(worker, await aWorldCluster());
  const actor = { kind: 'token' as const, id: 'tok_1', name: 'night shift' };
  await worker.answer({ do: 'check', id, by: { actor, requestId: 'req_1' } });
  const partitions = keys.auditPartitions(worker.clock.now());
  const pages = await Promise.all(partitions.map((partition) => worker.table.query({ partition })));
  const audits = pages.flatMap(({ items }) => items.map(({ audit }) => audit));
  expect(audits).toContainEqual(
    expect.objectContaining({ action: 'cluster.openCredential', actor, requestId: 'req_1' }),
  );
});
