import { resealSlots, type SlotValue } from '#reconcile';
import { type Item, keys, type Table } from '#store';
import type { Anew, Shelf } from './rotateKeys.ts';
import type { Owner } from './vault.ts';

/** The records of an area whose slots hold secrets. */
export interface ShelvedRecords {
  readonly area: string;
  readonly kind: string;
  /** Of the secret that a row names, whatever version of Drover wrote the row; undefined where there is none. */
  versionIn(data: unknown): number | undefined;
}

/**
 * All that is sealed of an area's records, for a change of keys: of rows as they lie, tombstones and those that nobody
 * reads any more among them, and of those that are being made, whose secret lies there before their row does.
 */
export function recordShelf(table: Table, records: ShelvedRecords): Shelf {
  const { area } = records;
  return {
    area,
    async reseal(anew) {
      let count = 0;
      for await (const [id, version] of stored(table, records)) {
        const owners = () => ownersOf(area, id, version);
        count += await resealSlots(table, id, (value) => resealed(value, owners(), anew));
      }
      return count;
    },
  };
}

async function resealed(
  { sealed, ...more }: SlotValue,
  owners: Iterable<Owner>,
  anew: Anew,
): Promise<SlotValue | undefined> {
  if (typeof sealed !== 'string') return undefined;
  const next = await anew(sealed, owners);
  return next === undefined ? undefined : { ...more, sealed: next };
}

/** A slot does not say of which version it is: the row's, the next, which it is to name, or one from before. */
function* ownersOf(area: string, id: string, version: number): Generator<Owner> {
  yield { area, id, version };
  yield { area, id, version: version + 1 };
  for (let before = version - 1; before > 0; before--) yield { area, id, version: before };
}

async function* stored(
  table: Table,
  { area, kind, versionIn }: ShelvedRecords,
): AsyncGenerator<[id: string, version: number]> {
  for (let partition = 0; partition < keys.partitions; partition++) {
    for await (const item of itemsOf(table, keys.rowPartition(area, partition), ['data'])) {
      const version = versionIn(item.data);
      if (version !== undefined) yield [keys.idOfRowKey(item), version];
    }
  }
  for await (const { id, confirmed } of itemsOf(table, keys.nameKey(kind, '').pk, ['id', 'confirmed'])) {
    if (confirmed !== true && typeof id === 'string') yield [id, 1];
  }
}

export async function* itemsOf(table: Table, partition: string, attributes: string[]): AsyncGenerator<Item> {
  let page = await table.query({ partition, attributes });
  yield* page.items;
  while (page.next) {
    page = await table.query({ partition, attributes, after: page.next });
    yield* page.items;
  }
}
