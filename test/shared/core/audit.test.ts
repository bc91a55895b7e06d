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
    for (const limit of [13, 1_000]) {
      const told: string[] = [];
      let after: Awaited<ReturnType<typeof read>>['next'];
      do {
        const page = await read(limit, after);
        told.push(...page.entries.map(({ id }) => id));
        expect(JSON.stringify(page.entries).length).toBeLessThan(4_000_000);
        after = page.next;
      } while (after);
      expect(told).toEqual(ids);
    }
  },
);
