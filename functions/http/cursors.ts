import { keys, openCursor, sealCursor, type Table } from '#store';
import type { Clock } from '#time';
import type { Cursors } from './api.ts';

/** The key is made by the first who needs it and lies in the table: whoever can read that needs no cursor. */
export function signedCursors(table: Table, clock: Clock, random: (bytes: number) => Uint8Array): Cursors {
  let key: Promise<Uint8Array> | undefined;
  const theKey = (): Promise<Uint8Array> => {
    key ??= readKey(table, random).catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return key;
  };
  return {
    seal: async (place, bound) => sealCursor(place, bound, await theKey(), clock.now()),
    open: async (text, bound) => openCursor(text, bound, await theKey(), clock.now()),
  };
}

async function readKey(table: Table, random: (bytes: number) => Uint8Array): Promise<Uint8Array> {
  const found = await table.get(keys.cursorKey);
  if (found?.key instanceof Uint8Array) return found.key;
  const made = random(32);
  if ((await table.put({ ...keys.cursorKey, key: made }, 'absent')) === 'written') return made;
  const theirs = await table.get(keys.cursorKey);
  if (theirs?.key instanceof Uint8Array) return theirs.key;
  throw new Error('The key of cursors is not readable.');
}
