import { describe, expect, test } from 'vitest';
import { type SlotValue, slotsOf } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { minute } from '#time';
import type { Opened } from '../../../../shared/clusters/secret/opened.ts';
import { createSecrets, type Opening, type Sealed } from '../../../../shared/clusters/secret/secrets.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { aVault } from './aVault.ts';

const token: Opened = { ca: 'a CA', credential: { type: 'token', token: 'canary-token' } };

function aWorld({ atMost }: { atMost?: number } = {}) {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const vault = aVault(table, clock);
  let opened = 0;
  const counted: string[] = [];
  let drawn = 0;
  const secrets = createSecrets({
    vault: {
      ...vault,
      open: (sealed, owner) => {
        opened++;
        return vault.open(sealed, owner);
      },
    },
    table,
    clock,
    random: (bytes) => new Uint8Array(bytes).fill(++drawn % 256),
    meter: {
      count: (family, { visit }) => counted.push(`${family} ${visit}`),
      observe: () => undefined,
    },
    ...(atMost !== undefined && { atMost }),
  });
  const store = async (id: string, version: number, secret: Opened, slot = 's0_a'): Promise<Sealed> => {
    const value = (await secrets.seal(id, version, secret)) satisfies SlotValue;
    await table.put({ ...keys.sideKey(id, 'slots'), ...slotsOf(id, slot, value).slots });
    return rowOf(id, version, slot);
  };
  const audits = async () => {
    const pages = await Promise.all(
      keys.auditPartitions(clock.now()).map((partition) => table.query({ partition })),
    );
    return pages.flatMap(({ items }) => items.map(({ audit }) => audit));
  };
  return { clock, table, secrets, store, audits, counted, openings: () => opened };
}

const rowOf = (id: string, version: number, slot: string): Sealed => ({
  id,
  kind: 'cluster',
  name: 'paris',
  data: { slot, access: { credential: { version } } },
});

const aStep = (): Opening => ({ visit: 'step', within: {} });
const aRound = (): Opening => ({ visit: 'round', within: {} });

describe('a cluster’s credential', () => {
  test('opens to what was sealed', async () => {
    const { secrets, store } = aWorld();
    const certificate: Opened = {
      ca: 'a CA',
      proxyCredential: 'me:secret',
      credential: { type: 'certificate', certificate: 'c', key: 'k' },
    };
    expect(await secrets.open(await store('clu_1', 1, token), aStep())).toEqual(token);
    expect(await secrets.open(await store('clu_2', 7, certificate), aStep())).toEqual(certificate);
  });

  test('does not open under another version or for another cluster', async () => {
    const { secrets, store, table } = aWorld();
    await store('clu_1', 1, token);
    await expect(secrets.open(rowOf('clu_1', 2, 's0_a'), aStep())).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
    const item = await table.get(keys.sideKey('clu_1', 'slots'));
    await table.put({ ...item, ...keys.sideKey('clu_2', 'slots') });
    await expect(secrets.open(rowOf('clu_2', 1, 's0_a'), aStep())).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
  });

  test.each([
    ['no slots at all', undefined],
    ['another slot', { s9_z: { sealed: 'v1.x.1.y' } }],
    ['a slot without a secret', { s0_a: {} }],
  ])('is missed clearly where there is %s', async (_, slots) => {
    const { secrets, table } = aWorld();
    if (slots) await table.put({ ...keys.sideKey('clu_1', 'slots'), of: 'clu_1', ...slots });
    await expect(secrets.open(rowOf('clu_1', 1, 's0_a'), aStep())).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      values: { id: 'clu_1', version: 1 },
    });
  });

  test('is not taken for one where something else was sealed, and what it was is not told', async () => {
    const { secrets, store } = aWorld();
    const row = await store('clu_1', 1, { credential: { type: 'token', tokens: 'canary' } } as never);
    const error = await secrets.open(row, aStep()).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'SECRET_MISSING' });
    expect(JSON.stringify([error, String(error)])).not.toContain('canary');
  });

  test('stays open for five minutes and no longer', async () => {
    const { secrets, store, clock, openings } = aWorld();
    const row = await store('clu_1', 1, token);
    await secrets.open(row, aRound());
    await clock.step(5 * minute - 1);
    await secrets.open(row, aRound());
    expect(openings()).toBe(1);
    await clock.step(1);
    await secrets.open(row, aRound());
    expect(openings()).toBe(2);
  });

  test('is opened anew where its slot changed, and where the cluster refused it', async () => {
    const { secrets, store, openings } = aWorld();
    const first = await store('clu_1', 1, token);
    await secrets.open(first, aRound());
    const other: Opened = { credential: { type: 'token', token: 'another' } };
    const second = await store('clu_1', 2, other, 's4_b');
    expect(await secrets.open(second, aRound())).toEqual(other);
    expect(openings()).toBe(2);
    secrets.forget('clu_1');
    await secrets.open(second, aRound());
    expect(openings()).toBe(3);
  });

  test('gives way to others where too many are open', async () => {
    const { secrets, store, openings } = aWorld({ atMost: 3 });
    const rows = await Promise.all([1, 2, 3, 4].map((n) => store(`clu_${n}`, 1, token)));
    for (const row of rows) await secrets.open(row, aRound());
    await secrets.open(rows[3]!, aRound());
    expect(openings()).toBe(4);
    await secrets.open(rows[0]!, aRound());
    expect(openings()).toBe(5);
  });

  test('is opened once where several ask at the same moment, and again where that failed', async () => {
    const { secrets, store, table, openings } = aWorld();
    const row = await store('clu_1', 1, token);
    await Promise.all([1, 2, 3].map(() => secrets.open(row, aRound())));
    expect(openings()).toBe(1);
    const gone = rowOf('clu_2', 1, 's0_a');
    await expect(secrets.open(gone, aRound())).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    const { sealed } = await secrets.seal('clu_2', 1, token);
    await table.put({ ...keys.sideKey('clu_2', 'slots'), of: 'clu_2', s0_a: { sealed } });
    expect(await secrets.open(gone, aRound())).toEqual(token);
  });
});

describe('an opening', () => {
  test('is counted once in each visit, whether it was open already or not', async () => {
    const { secrets, store, counted } = aWorld();
    const row = await store('clu_1', 1, token);
    const step = aStep();
    await secrets.open(row, step);
    await secrets.open(row, step);
    await secrets.open(row, aRound());
    expect(counted).toEqual([
      'drover_credentials_opened_total step',
      'drover_credentials_opened_total round',
    ]);
  });

  test('is audited once in each step and call, by whom it was asked for, and not in rounds', async () => {
    const { secrets, store, audits } = aWorld();
    const row = await store('clu_1', 3, token);
    const step = aStep();
    await secrets.open(row, aRound());
    await secrets.open(row, step);
    await secrets.open(row, step);
    const actor = { kind: 'token', id: 'tok_1', name: 'ada' } as const;
    await secrets.open(row, { visit: 'call', within: {}, by: { actor, requestId: 'r1' } });
    const target = { kind: 'cluster', id: 'clu_1', name: 'paris' };
    const found = await audits();
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          action: 'cluster.openCredential',
          target,
          actor: { kind: 'system', id: 'worker', name: 'Drover' },
          after: { visit: 'step', version: 3 },
        }),
        expect.objectContaining({ target, actor, requestId: 'r1', after: { visit: 'call', version: 3 } }),
      ]),
    );
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  test('that could not be audited is not opened, and said when it is asked for again', async () => {
    const { secrets, store, audits, table } = aWorld();
    const row = await store('clu_1', 1, token);
    const step = aStep();
    const put = table.put.bind(table);
    table.put = () => Promise.reject(new Error('the store is away'));
    await expect(secrets.open(row, step)).rejects.toThrow('away');
    table.put = put;
    await secrets.open(row, step);
    expect(await audits()).toHaveLength(1);
  });
});
