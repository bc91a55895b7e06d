import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from '#reconcile';
import { keys, type Table } from '#store';
import { type Clock, day, type Millis } from '#time';
import type { Cursors } from './api.ts';

const goodFor: Millis = day;

/**
 * A place and its time in base64url, with an HMAC over both and what the list was. The key is made by the first who
 * needs it and lies in the table: whoever can read that needs no cursor.
 */
export function signedCursors(table: Table, clock: Clock, random: (bytes: number) => Uint8Array): Cursors {
  let key: Promise<Uint8Array> | undefined;
  const theKey = (): Promise<Uint8Array> => {
    key ??= readKey(table, random).catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return key;
  };
  const sign = async (text: string, bound: string): Promise<Buffer> =>
    createHmac('sha256', await theKey())
      .update(`${bound}\n${text}`)
      .digest()
      .subarray(0, 16);
  return {
    async seal(place, bound) {
      const text = Buffer.from(JSON.stringify([clock.now() + goodFor, place])).toString('base64url');
      return `${text}.${(await sign(text, bound)).toString('base64url')}`;
    },
    async open(cursor, bound) {
      const [text = '', signature = '', ...more] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const made = await sign(text, bound);
      if (more.length > 0 || given.length !== made.length || !timingSafeEqual(given, made)) return undefined;
      const [until, place] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [number, Json];
      return until > clock.now() ? place : undefined;
    },
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
