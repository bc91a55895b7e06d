import { keys, type Table } from '#store';
import type { Area } from './area.ts';
import { newToken } from './entries.ts';
import type { Ports } from './ports.ts';
import { rowOf, type Stored, type Unreadable } from './row.ts';

/** What every part of the engine works with. What an area observes, plans and did is its own business. */
export interface Parts<D> extends Ports {
  area: Area<D>;
  table: Table;
}

export const tokenFor = (
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
  row?: { last: string },
): string => newToken(clock.now(), random, row?.last);

/** 0 ≤ chance < 1 */
export function chance({ random }: Pick<Ports, 'random'>): number {
  const [a = 0, b = 0, c = 0] = random(3);
  return (a * 65536 + b * 256 + c) / 16777216;
}

export async function readRow<D>(
  { area, table }: Parts<D>,
  id: string,
): Promise<Stored<D> | Unreadable | undefined> {
  const item = await table.get(keys.rowKey(area.name, id));
  return item && rowOf(area, item);
}
