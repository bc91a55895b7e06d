import { expect, it } from 'vitest';
import type { Row } from '#reconcile';
import { presentRecord } from '../../../functions/http/record.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const row: Row<null> = {
  ...{ id: 'lmp_1', kind: 'lamp', name: 'porch', labels: {}, version: 1, createdAt: now, updatedAt: now },
  ...{ deletedAt: undefined, everySeconds: 0, attempt: 0, trouble: undefined, data: null },
};
const area = { present: () => ({ state: 'lit', since: '2026-03-01T09:00:00.000Z' }) };

it('a record that is being deleted is so since its end was asked for', () => {
  expect(presentRecord(area, row)).toMatchObject({ state: 'lit', since: '2026-03-01T09:00:00.000Z' });
  expect(presentRecord(area, { ...row, deletedAt: now + 1_000 })).toMatchObject({
    state: 'deleting',
    since: '2026-03-01T10:00:01.000Z',
  });
});
