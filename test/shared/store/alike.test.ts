import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Item, MemoryTable, type Table } from '#store';
import { type Emulator, startDynalite } from './dynalite.ts';
import { subjectOver } from './dynamo.ts';

let emulator: Emulator;
let subject: Awaited<ReturnType<typeof subjectOver>>;
beforeAll(async () => {
  emulator = await startDynalite();
  subject = await subjectOver(emulator);
});
afterAll(async () => {
  subject.close();
  await emulator.close();
});

const sk = fc.constantFrom('a', 'b', 'b#1', 'b#2', 'é', '\ue000', '😀');
const number = fc.constantFrom(0, 1, 2);
const attributes = fc.record(
  {
    n: number,
    text: fc.constantFrom('', 'x'),
    due: fc.constantFrom('1', '2', '3'),
    expiresAt: fc.constantFrom(5, 50),
  },
  { requiredKeys: [] },
);
const condition = fc.option(
  fc.oneof(
    fc.constant('absent' as const),
    fc.record({ n: fc.option(number, { nil: undefined }) }),
    fc.record({ n: number, text: fc.constantFrom(undefined, '', 'x') }),
  ),
  { nil: undefined },
);
/** Without the last two: dynalite checks bounds and cursors against each other by UTF-16 units. */
const bound = fc.option(fc.constantFrom('a', 'b', 'b#1', 'b#11', 'é'), { nil: undefined });
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), sk, attributes, condition }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      sk,
      attributes,
      remove: fc.uniqueArray(fc.constantFrom('m', 'duePk', 'dueSk'), { maxLength: 3 }),
      condition,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), sk, condition }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), sk, m: number }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('query' as const),
      from: bound,
      to: bound,
      prefix: fc.option(fc.constantFrom('b', 'b#'), { nil: undefined }),
      limit: fc.constantFrom(1, 2, 10),
      descending: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('due' as const), to: fc.constantFrom('1', '2', '3') }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const indexed = (pk: string, due: string | undefined) =>
  due === undefined ? {} : { duePk: `${pk}-due`, dueSk: due };

async function carryOut(table: Table, pk: string, op: Operation): Promise<unknown> {
  const has = 'condition' in op ? op.condition : undefined;
  switch (op.kind) {
    case 'put': {
      const { due, ...rest } = op.attributes;
      return table.put({ pk, sk: op.sk, ...rest, ...indexed(pk, due) }, has);
    }
    case 'update': {
      const { due, ...rest } = op.attributes;
      const set = { ...rest, ...(op.remove.some((name) => name !== 'm') ? {} : indexed(pk, due)) };
      return table.update({ pk, sk: op.sk }, { set, remove: op.remove }, has);
    }
    case 'delete':
      return table.delete({ pk, sk: op.sk }, has);
    case 'add':
      return table.add({ pk, sk: op.sk }, { m: op.m });
    case 'query': {
      const { kind, ...bounds } = op;
      const given = Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
      const pages = [await table.query({ partition: pk, ...given })];
      for (let next = pages[0]!.next; next; next = pages.at(-1)!.next) {
        pages.push(await table.query({ partition: pk, ...given, after: next }));
      }
      return pages;
    }
    case 'due': {
      // Items due at the same time come in any order.
      const { items } = await table.query({ index: 'due', partition: `${pk}-due`, to: op.to });
      return items.toSorted((a: Item, b: Item) => (a.sk < b.sk ? -1 : 1));
    }
  }
}

test('the table in memory answers any series of calls as dynalite does', { timeout: 60_000 }, async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (series) => {
      const pk = `run-${runs++}`;
      const memory = new MemoryTable(() => 10_000);
      subject.setNow(10_000);
      for (const op of series) {
        const [expected, found] = [await carryOut(subject.table, pk, op), await carryOut(memory, pk, op)];
        expect(found).toEqual(expected);
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});
