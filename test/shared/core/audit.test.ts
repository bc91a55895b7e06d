import { expect, test } from 'vitest';
import { readAudit } from '#core';
import { keys, MemoryTable } from '#store';
import { hour, newId } from '#time';

const now = Date.parse('2026-03-01T10:00:00Z');
const expiresAt = now / 1000 + 1;

async function trail(count: number, size: number) {
  const table = new MemoryTable(() => now);
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const at = now - n * 1_000;
    const id = newId('aud', at);
    const actor = { kind: 'token', id: 'tok_1', name: 'a' };
    const audit = { id, at, actor, action: 'x.y', result: 'done', after: 'x'.repeat(size) };
    await table.put({ ...keys.auditKey(at, id), audit, expiresAt });
    ids.push(id);
  }
  return { table, ids };
}

test.each([
  { count: 40, size: 150_000 },
  { count: 7, size: 390_000 },
  { count: 450, size: 1_000 },
])(
  '$count entries of $size bytes are all told, newest first, whatever a page of the store holds',
  async ({ count, size }) => {
    const { table, ids } = await trail(count, size);
    const read = (limit: number, after?: { day: number; id: string }) =>
      readAudit(table, { from: now - hour, until: now, limit, where: () => true, ...(after && { after }) });
    const whole = await read(1_000);
    expect([whole.entries.map(({ id }) => id), whole.next]).toEqual([ids, undefined]);

    const paged: string[] = [];
    let after: Awaited<ReturnType<typeof read>>['next'];
    do {
      const page = await read(13, after);
      paged.push(...page.entries.map(({ id }) => id));
      after = page.next;
    } while (after);
    expect(paged).toEqual(ids);
  },
);
