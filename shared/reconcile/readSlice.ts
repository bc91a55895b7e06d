import { type Cursor, keys } from '#store';
import type { Row } from './area.ts';
import type { Parts } from './engineParts.ts';
import { isUnreadable, rowOf, type Stored, type Unreadable, viewOf } from './row.ts';

/** All rows of one slice, tombstones and those without a name of their own among them. */
export async function readSlice<D>(
  { table, area }: Pick<Parts<D>, 'table' | 'area'>,
  slice: number,
): Promise<(Stored<D> | Unreadable)[]> {
  const rows: (Stored<D> | Unreadable)[] = [];
  let after: Cursor | undefined;
  do {
    const page = await table.query({
      ...keys.sliceRange(area.name, slice),
      eventually: true,
      ...(after ? { after } : {}),
    });
    rows.push(...page.items.map((item) => rowOf(area, item)));
    after = page.next;
  } while (after);
  return rows;
}

/** The records of one slice as they are shown: cheaper than a list where all of every row is wanted. */
export async function recordsOfSlice<D>(parts: Parts<D>, kind: string, slice: number): Promise<Row<D>[]> {
  return (await readSlice(parts, slice)).flatMap((row) =>
    isUnreadable(row) || row.kind !== kind || !row.confirmed || row.unwanted || row.goneAt !== undefined
      ? []
      : [viewOf(row)],
  );
}
