import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MemoryTable,
  readLarge,
  removeLarge,
  StoreRefused,
  StoreUnanswered,
  type Table,
  writeLarge,
} from '#store';
import { type Fault, flaky, type Operation } from './flaky.ts';

const key = { pk: 'side#clu_1', sk: 'inventory' };
type Value = { name: string; noise: string };

/** Noise does not compress below 450 kB, which are two parts; a value of no parts is in its pointer. */
const noise = randomBytes(450_000).toString('base64');
const ofParts = (name: string, parts: 0 | 2): Value => ({ name, noise: parts ? noise : '' });
const nameOf = async (table: Table) => ((await readLarge(table, key)) as Value | undefined)?.name;

async function left(table: Table): Promise<string[]> {
  const { items } = await table.query({ partition: key.pk, attributes: [] });
  return items.map((item) => item.sk.replace(/[0-9a-f]{24}/, '*'));
}

describe('a large value', () => {
  test('that fits after packing is one item', async () => {
    const table = new MemoryTable();
    const value = { nodes: Array.from({ length: 5_000 }, (_, n) => ({ node: `node-${n}`, state: 'ok' })) };
    expect(await writeLarge(table, key, value)).toBe('written');
    expect(await readLarge(table, key)).toEqual(value);
    expect(await left(table)).toEqual(['inventory']);
    expect(await removeLarge(table, key)).toBe('written');
    expect(await readLarge(table, key)).toBeUndefined();
  });

  test('that does not is split, and leaves nothing behind when it is replaced or removed', async () => {
    const table = new MemoryTable();
    const parts = (n: number) => [
      'inventory',
      ...Array.from({ length: n }, (_, i) => `inventory#part#*#00${i}`),
    ];
    for (const [size, expected] of [
      [2, parts(2)],
      [0, parts(0)],
      [2, parts(2)],
      [2, parts(2)],
    ] as const) {
      const value = ofParts('x', size);
      expect(await writeLarge(table, key, value)).toBe('written');
      expect(await readLarge(table, key)).toEqual(value);
      expect(await left(table)).toEqual(expected);
    }
    await table.put({ pk: key.pk, sk: 'inventory2' });
    expect(await removeLarge(table, key)).toBe('written');
    expect(await left(table)).toEqual(['inventory2']);
  });

  test.each([null, 0, '', [], {}, 'text', [1, { a: [null] }], '\u0000😀'])('%j comes back', async (value) => {
    const table = new MemoryTable();
    await writeLarge(table, key, value);
    expect(await readLarge(table, key)).toEqual(value);
  });

  test('that is damaged, or of which a part is lost, is refused without quoting it', async () => {
    const table = new MemoryTable();
    await table.put({ ...key, write: 'w', count: 0, data: new Uint8Array([1, 2, 3]) });
    await expect(readLarge(table, key)).rejects.toThrow(
      new StoreRefused('to read a large value', 'it is damaged'),
    );
    await writeLarge(table, key, ofParts('a', 2));
    const { items } = await table.query({ partition: key.pk, prefix: 'inventory#part#' });
    await table.delete(items[0]!);
    await expect(readLarge(table, key)).rejects.toThrow(/parts of it are missing/);
    await writeLarge(table, key, ofParts('b', 2));
    expect(await nameOf(table)).toBe('b');
  });

  test('is found written when its pointer was put twice', async () => {
    const memory = new MemoryTable();
    const twice: Table = Object.create(memory, {
      units: { get: () => memory.units },
      query: { value: memory.query.bind(memory) },
      get: { value: memory.get.bind(memory) },
      getMany: { value: memory.getMany.bind(memory) },
      delete: { value: memory.delete.bind(memory) },
      put: {
        value: async (...call: Parameters<Table['put']>) => {
          await memory.put(...call);
          return memory.put(...call);
        },
      },
    });
    expect(await writeLarge(twice, key, ofParts('a', 2))).toBe('written');
    expect(await nameOf(memory)).toBe('a');
  });
});

describe('a crash while a large value is written', () => {
  const sizes = [0, 2] as const;
  const changes = sizes.flatMap((from) => sizes.map((to) => [from, to] as const));

  /** Carries out `act` with a crash at its nth call, until a run needs no more calls than n. */
  async function atEachCall(
    prepare: (table: Table) => Promise<unknown>,
    act: (table: Table) => Promise<unknown>,
    check: (table: Table, at: string) => Promise<void>,
    ways: Fault[] = ['lostBefore', 'lostAfter'],
  ): Promise<number> {
    for (let n = 0; ; n++) {
      for (const fault of ways) {
        const memory = new MemoryTable();
        await prepare(memory);
        let reached = false;
        const crashing = flaky(memory, (_: Operation, count) => {
          if (count < n) return 'none';
          reached = true;
          return count === n ? fault : 'lostBefore';
        });
        const end = await act(crashing.table).catch((error: unknown) => error);
        if (!reached) return n;
        expect(end).toBeInstanceOf(StoreUnanswered);
        await check(memory, `${fault} at call ${n}`);
        if (fault !== 'late') continue;
        await crashing.land();
        await check(memory, `${fault} at call ${n}, landed`);
      }
    }
  }

  test.each(changes)('%d parts replaced by %d: a reader sees the old or the new, whole', async (from, to) => {
    const seen = new Set<string | undefined>();
    const calls = await atEachCall(
      (table) => writeLarge(table, key, ofParts('old', from)),
      (table) => writeLarge(table, key, ofParts('new', to)),
      async (table, at) => {
        const value = (await readLarge(table, key)) as Value;
        seen.add(value.name);
        expect([at, value]).toEqual([at, ofParts(value.name, value.name === 'old' ? from : to)]);
      },
      ['lostBefore', 'lostAfter', 'late'],
    );
    expect(calls).toBeGreaterThan(2);
    expect([...seen].toSorted()).toEqual(['new', 'old']);
  });

  test.each(changes)('%d parts replaced by %d: the next write tidies up', async (from, to) => {
    for (const size of sizes) {
      await atEachCall(
        (table) => writeLarge(table, key, ofParts('old', from)),
        (table) => writeLarge(table, key, ofParts('new', to)),
        async (table, at) => {
          expect([at, await writeLarge(table, key, ofParts('next', size))]).toEqual([at, 'written']);
          expect([at, await nameOf(table)]).toEqual([at, 'next']);
          const parts = size ? ['inventory#part#*#000', 'inventory#part#*#001'] : [];
          expect([at, await left(table)]).toEqual([at, ['inventory', ...parts]]);
        },
      );
    }
  });

  test('what lands after another write has passed changes nothing of it', async () => {
    await atEachCall(
      (table) => writeLarge(table, key, ofParts('old', 2)),
      (table) => writeLarge(table, key, ofParts('new', 2)),
      async (table, at) => {
        if (!at.endsWith('landed')) await writeLarge(table, key, ofParts('next', 2));
        expect([at, await readLarge(table, key)]).toEqual([at, ofParts('next', 2)]);
      },
      ['late'],
    );
  });

  test('a removal takes along all that crashed writes left', async () => {
    await atEachCall(
      (table) => writeLarge(table, key, ofParts('old', 2)),
      (table) => writeLarge(table, key, ofParts('new', 2)),
      async (table) => {
        expect(await removeLarge(table, key)).toBe('written');
        expect(await left(table)).toEqual([]);
        await writeLarge(table, key, ofParts('old', 2));
      },
    );
  });

  test('a removal that crashes is finished by the next', async () => {
    await atEachCall(
      (table) => writeLarge(table, key, ofParts('old', 2)),
      (table) => removeLarge(table, key),
      async (table, at) => {
        const value = await readLarge(table, key);
        expect([at, value]).toEqual([at, value && ofParts('old', 2)]);
        const before = await left(table);
        expect([at, await removeLarge(table, key)]).toEqual([at, 'written']);
        expect([at, await left(table)]).toEqual([at, []]);
        if (before.length === 3) await writeLarge(table, key, ofParts('old', 2));
      },
    );
  });
});

test('writers and readers in any order: no mix, one winner of each race, nothing left', async () => {
  const orders = fc.tuple(fc.scheduler(), fc.array(fc.constantFrom(0, 2), { minLength: 2, maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(orders, async ([s, sizes]) => {
      const memory = new MemoryTable();
      const values = [ofParts('0', 2), ...sizes.map((size, n) => ofParts(String(n + 1), size as 0 | 2))];
      await writeLarge(memory, key, values[0]!);
      /** The turn is scheduled, not the call: the scheduler would spell out what is passed, 400 kB each. */
      const pass =
        <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
        async (...args: Args): Promise<T> => {
          await s.schedule(Promise.resolve());
          return call.apply(memory, args);
        };
      const table: Table = {
        get: pass(memory.get),
        getMany: pass(memory.getMany),
        put: pass(memory.put),
        update: pass(memory.update),
        delete: pass(memory.delete),
        add: pass(memory.add),
        query: pass(memory.query),
        units: memory.units,
      };
      const writers = values.slice(1).map((value) => writeLarge(table, key, value));
      const readers = [readLarge(table, key), readLarge(table, key)];
      const [outcomes, seen] = await s.waitFor(Promise.all([Promise.all(writers), Promise.all(readers)]));
      for (const { name, noise } of seen as Value[]) expect(noise === values[Number(name)]!.noise).toBe(true);
      expect(outcomes).toContain('written');
      const last = (await readLarge(memory, key)) as Value;
      expect(outcomes[Number(last.name) - 1]).toBe('written');
      expect(await left(memory)).toHaveLength(last.noise ? 3 : 1);
    }),
    { numRuns: 30, seed: 1 },
  );
}, 20_000);
