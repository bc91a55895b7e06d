import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoreData, coreArea, newWebhook } from '#core';
import { ownerOfWebhookSecret } from '#notify';
import { createEngine, slotsOf } from '#reconcile';
import { addKey, countKeys, createVault, keepKey, keyFile, rotateKeys } from '#secrets';
import { type Item, keys, MemoryTable, type Table } from '#store';
import { minute } from '#time';
import { webhookShelf } from '../../../infra/keys/webhookShelf.ts';
import { clusterShelf } from '../../../shared/clusters/secret/shelf.ts';
import { newAccount } from '../../../shared/join/access/accounts/account.ts';
import { AccountItems, joinShelf } from '../../../shared/join/access/accounts/accountItems.ts';
import { bytesFrom, seeded } from '../../fixtures/chance.ts';
import { Cut, cutAt } from '../../fixtures/cutTable.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-rotation-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function aDrover() {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const path = join(folder, `${++files}`);
  await writeFile(path, `old ${Buffer.alloc(32, 1).toString('base64')}\n`, { mode: 0o600 });
  const vault = createVault(table, keyFile(path), clock);
  const random = bytesFrom(seeded(7));
  const ports = {
    clock,
    random,
    couriers: { work: async () => undefined, tick: async () => undefined, call: async () => null },
    meter: { count: () => undefined, observe: () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const coreOver = (over: Table) => createEngine<CoreData>(coreArea, { ...ports, table: over }).records;
  const core = coreOver(table);
  const rotation = (over: Table = table) => ({
    table: over,
    clock,
    keeper: keyFile(path),
    wrapping: { add: (name: string) => addKey(path, name), keep: (name: string) => keepKey(path, name) },
    shelves: [clusterShelf(over), joinShelf(over), webhookShelf(coreOver(over))],
  });
  const rotate = (over?: Table) => rotateKeys(rotation(over), { settle: 0 });

  /** A cluster as it lies there, with a slot of each of the versions. */
  async function aCluster(id: string, named: number, versions: number[] = [named]) {
    const item = { ...keys.rowKey('clusters', id), data: { access: { credential: { version: named } } } };
    await table.put(item);
    await slots(id, versions);
  }
  async function slots(id: string, versions: number[]) {
    for (const version of versions) {
      const sealed = await vault.seal(`secret ${id} ${version}`, { area: 'clusters', id, version });
      const side = slotsOf(id, `s${version}_x`, { sealed }).slots;
      await table.update(keys.sideKey(id, 'slots'), { set: side });
    }
  }
  async function aWebhook(name: string) {
    const id = core.newId('webhook');
    const sealed = await vault.seal(`secret ${name}`, ownerOfWebhookSecret(id));
    const wish = { url: 'https://hooks.example.com', events: ['*'], selector: null, paused: false };
    await core.create(
      { id, kind: 'webhook', name, labels: {}, data: newWebhook(wish, sealed, clock.now()) },
      { actor: { kind: 'system', id: 't', name: 't' }, action: 'webhook.create' },
    );
    const engine = createEngine<CoreData>(coreArea, { ...ports, table });
    await clock.runUntil(engine.work({ kind: 'step', ids: [id], at: clock.now() }));
    return id;
  }
  const item = async (id: string) => (await table.get(keys.sideKey(id, 'slots'))) as Item;

  /** All that is sealed opens with nothing but the new key file; and nothing names an old data key or wrapping key. */
  async function expectRenewed(
    clusters: [id: string, version: number][],
    webhooks: [id: string, name: string][],
  ) {
    const [line, ...more] = (await readFile(path, 'utf8')).trim().split('\n');
    expect(more).toEqual([]);
    expect(line).not.toMatch(/^old /);
    const fresh = createVault(table, keyFile(path), clock);
    for (const [id, version] of clusters) {
      const { sealed } = (await item(id))[`s${version}_x`] as { sealed: string };
      const opened = await fresh.open(sealed, { area: 'clusters', id, version });
      expect(opened.toString()).toBe(`secret ${id} ${version}`);
    }
    for (const [id, name] of webhooks) {
      const row = await core.get(id, 'webhook');
      if (row?.data.kind !== 'webhook') throw new Error('It is gone.');
      const opened = await fresh.open(row.data.secrets[0]!.sealed, ownerOfWebhookSecret(id));
      expect(opened.toString()).toBe(`secret ${name}`);
    }
    const all = await everything(table);
    for (const { pk, by } of all) if (pk.startsWith('datakey#')) expect(by).not.toBe('old');
    const generations = new Set(
      all.flatMap(({ pk, sk }) => (pk.startsWith('datakey#') ? [`${pk.slice(8)}.${Number(sk)}`] : [])),
    );
    for (const [, key] of JSON.stringify(all).matchAll(/"v1\.([^.]+\.\d+)\./g))
      expect(generations).toContain(key);
    expect(await table.get({ pk: 'keys', sk: 'rotation' })).toBeUndefined();
  }
  return {
    clock,
    table,
    path,
    vault,
    core,
    rotation,
    rotate,
    aCluster,
    slots,
    aWebhook,
    item,
    expectRenewed,
  };
}

async function everything(table: MemoryTable): Promise<Item[]> {
  return [...table.all()];
}

describe('a change of keys', () => {
  test('leaves nothing under the old ones: neither data key nor wrapping key', async () => {
    const { aCluster, aWebhook, rotate, expectRenewed } = await aDrover();
    const ids = Array.from({ length: 70 }, (_, i) => `clu_${i}`);
    for (const id of ids) await aCluster(id, 1);
    await aCluster('clu_many', 4, [2, 4, 5]);
    const hook = await aWebhook('ops');
    await rotate();
    await expectRenewed(
      [...ids.map((id): [string, number] => [id, 1]), ['clu_many', 2], ['clu_many', 4], ['clu_many', 5]],
      [[hook, 'ops']],
    );
  });

  test('takes what memberships keep along, and what is known of their accounts', async () => {
    const { table, clock, vault, path, item, rotate, expectRenewed } = await aDrover();
    await table.put({ ...keys.rowKey('join', 'mem_1'), data: { secretVersion: 3 } });
    for (const version of [2, 3, 4]) {
      const sealed = await vault.seal(`secret ${version}`, { area: 'join', id: 'mem_1', version });
      const side = slotsOf('mem_1', `s${version}_x`, { sealed }).slots;
      await table.update(keys.sideKey('mem_1', 'slots'), { set: side });
    }
    const accounts = (over: typeof vault) =>
      new AccountItems({ table, clock, vault: over, random: bytesFrom(seeded(3)) });
    const refused = [{ digest: 'a digest', code: 'SIGN_IN_REFUSED' as const, at: 5 }];
    await accounts(vault).change('an account', () => ({ ...newAccount(), refused }));
    await rotate();
    await expectRenewed([], []);
    const fresh = createVault(table, keyFile(path), clock);
    for (const version of [2, 3, 4]) {
      const { sealed } = (await item('mem_1'))[`s${version}_x`] as { sealed: string };
      const opened = await fresh.open(sealed, { area: 'join', id: 'mem_1', version });
      expect(opened.toString()).toBe(`secret ${version}`);
    }
    expect(await accounts(fresh).read('an account')).toMatchObject({ refused });
  });

  test('may be made again and again', async () => {
    const { aCluster, rotate, expectRenewed, path } = await aDrover();
    await aCluster('clu_1', 1);
    await rotate();
    const first = await readFile(path, 'utf8');
    await rotate();
    expect(await readFile(path, 'utf8')).not.toBe(first);
    await expectRenewed([['clu_1', 1]], []);
  });

  test('finds the secret of a cluster that is being made, whose row is not there yet', async () => {
    const { table, slots, rotate, expectRenewed } = await aDrover();
    await table.put({ ...keys.nameKey('cluster', 'paris'), id: 'clu_new', at: 0 });
    await slots('clu_new', [1]);
    await rotate();
    await expectRenewed([['clu_new', 1]], []);
  });

  test('leaves what nobody can open as it is, and goes on', async () => {
    const { table, aCluster, rotation, item } = await aDrover();
    await aCluster('clu_1', 1);
    await aCluster('clu_2', 1);
    const { s1_x } = await item('clu_2');
    await table.update(keys.sideKey('clu_1', 'slots'), { set: { s1_x: s1_x! } });
    const news: unknown[] = [];
    await rotateKeys(rotation(), { settle: 0, say: (one) => news.push(one) });
    expect(news).toContainEqual({ is: 'resealed', resealed: 1, unreadable: 1 });
    expect((await item('clu_1')).s1_x).toEqual(s1_x);
  });

  test('only counts, where it is only to count', async () => {
    const { table, aCluster, aWebhook, rotation, path } = await aDrover();
    for (const id of ['clu_1', 'clu_2']) await aCluster(id, 1, [1, 2]);
    await aWebhook('ops');
    const before = await everything(table);
    expect(await countKeys(rotation())).toEqual({ generations: 3, sealed: 5 });
    expect(await everything(table)).toEqual(before);
    expect(await readFile(path, 'utf8')).toMatch(/^old /);
  });

  test('stops where a key of before is missing, and loses nothing', async () => {
    const { aCluster, rotate, path, table, item } = await aDrover();
    await aCluster('clu_1', 1);
    const before = await item('clu_1');
    const old = await readFile(path, 'utf8');
    await writeFile(path, `other ${Buffer.alloc(32, 2).toString('base64')}\n`);
    await expect(rotate()).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
    expect(await item('clu_1')).toEqual(before);
    expect(
      (await table.query({ partition: `datakey#clusters#${String(keys.sliceOf('clu_1')).padStart(2, '0')}` }))
        .items,
    ).toHaveLength(2);
    await writeFile(path, `${(await readFile(path, 'utf8')).split('\n')[0]}\n${old}`);
    await rotate();
  });
});

describe('a change of keys that is interrupted', () => {
  test('at any write, before it or after it, ends well when it is run again', async () => {
    for (const isAfter of [false, true]) {
      for (let write = 1, isCut = true; isCut; write++) {
        const { table, aCluster, aWebhook, rotate, expectRenewed } = await aDrover();
        await aCluster('clu_1', 1);
        await aCluster('clu_2', 2, [1, 2]);
        const hook = await aWebhook('ops');
        isCut = await rotate(cutAt(table, write, isAfter)).then(
          () => false,
          (error) => {
            if (!(error instanceof Cut)) throw error;
            return true;
          },
        );
        if (isCut) await rotate();
        await expectRenewed(
          [
            ['clu_1', 1],
            ['clu_2', 1],
            ['clu_2', 2],
          ],
          [[hook, 'ops']],
        );
      }
    }
  });
});

describe('a change of keys beside a running Drover', () => {
  test('waits for what was sealed before and is not stored yet', async () => {
    const { clock, vault, table, aCluster, rotation, expectRenewed } = await aDrover();
    await aCluster('clu_1', 1);
    const id = 'clu_late';
    const sealed = await vault.seal(`secret ${id} 1`, { area: 'clusters', id, version: 1 });
    const waits: number[] = [];
    const running = rotateKeys(rotation(), {
      settle: 10 * minute,
      say: (news) => {
        if (news.is === 'waiting') waits.push(news.until - clock.now());
      },
    });
    await expect.poll(() => waits.length).toBe(1);
    await table.put({ ...keys.rowKey('clusters', id), data: { access: { credential: { version: 1 } } } });
    await table.put({ ...keys.sideKey(id, 'slots'), ...slotsOf(id, 's1_x', { sealed }).slots });
    await clock.runUntil(running);
    expect(waits).toEqual([10 * minute, 10 * minute]);
    await expectRenewed(
      [
        ['clu_1', 1],
        [id, 1],
      ],
      [],
    );
  });

  test('waits also where it was interrupted before it could', async () => {
    const { clock, aCluster, rotation, expectRenewed } = await aDrover();
    await aCluster('clu_1', 1);
    const waits = () => Promise.reject(new Cut());
    const cut = { ...rotation(), clock: { now: () => clock.now(), sleep: waits } };
    await expect(rotateKeys(cut, { settle: minute })).rejects.toThrow(Cut);
    const news: string[] = [];
    await clock.runUntil(rotateKeys(rotation(), { settle: minute, say: ({ is }) => news.push(is) }));
    expect(news).toEqual(['resumed', 'resealed', 'waiting', 'resealed', 'dropped', 'ended']);
    await expectRenewed([['clu_1', 1]], []);
  });

  test('does not touch the slot that was written while it was sealing the one before', async () => {
    const { clock, table, aCluster, vault, rotation, rotate, item, expectRenewed } = await aDrover();
    await aCluster('clu_1', 1);
    const [shelf] = rotation().shelves;
    let isFirst = true;
    await shelf!.reseal(async (sealed, owners) => {
      if (isFirst) {
        isFirst = false;
        // The user rotates: the new slot is there, the old one dropped.
        const next = await vault.seal('secret clu_1 2', { area: 'clusters', id: 'clu_1', version: 2 });
        await table.update(keys.sideKey('clu_1', 'slots'), {
          set: { s2_x: { sealed: next }, last: 's2_x' },
          remove: ['s1_x'],
        });
      }
      for (const owner of owners) {
        const opened = await vault.open(sealed, owner).catch(() => undefined);
        if (opened) return vault.seal(opened, owner);
      }
      return undefined;
    });
    expect(Object.keys(await item('clu_1'))).not.toContain('s1_x');
    await rotate();
    await expectRenewed([['clu_1', 2]], []);
    expect(clock.now()).toBeGreaterThan(0);
  });

  test('seals under the new key what is sealed while it runs, in a process that began before it', async () => {
    const { vault, table, aCluster, rotate, path, clock, expectRenewed } = await aDrover();
    await aCluster('clu_1', 1);
    await rotate();
    // This vault had read key file and data keys before.
    const unknown = 'clu_in_a_new_slice';
    await aClusterOf(vault, table, unknown, 1);
    await aClusterOf(vault, table, 'clu_1', 2);
    const fresh = createVault(table, keyFile(path), clock);
    for (const [id, version] of [
      ['clu_1', 2],
      [unknown, 1],
    ] as const) {
      const item = (await table.get(keys.sideKey(id, 'slots')))!;
      const { sealed } = item[`s${version}_x`] as { sealed: string };
      expect((await fresh.open(sealed, { area: 'clusters', id, version })).toString()).toBe(
        `secret ${id} ${version}`,
      );
    }
    await expectRenewed([], []);
  });
});

async function aClusterOf(vault: ReturnType<typeof createVault>, table: Table, id: string, version: number) {
  const sealed = await vault.seal(`secret ${id} ${version}`, { area: 'clusters', id, version });
  await table.put({ ...keys.rowKey('clusters', id), data: { access: { credential: { version } } } });
  await table.update(keys.sideKey(id, 'slots'), { set: { of: id, [`s${version}_x`]: { sealed } } });
}
