import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { day, type Instant } from '#time';
import { storeFailure } from './errors.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a cursor belongs to: the list, its filters and its sort. Limits may change from page to page. */
export type Filter = { [name: string]: string | undefined };

const goodFor = day;
const longest = 4096;

/** A place in a list as clients get it: opaque, and of no use with another filter, changed, or a day later. */
export function writeCursor(place: Json, filter: Filter, key: Uint8Array, now: Instant): string {
  const payload = Buffer.from(JSON.stringify([place, digest(filter), now + goodFor])).toString('base64url');
  return `${payload}.${sign(payload, key).toString('base64url')}`;
}

/** Throws CURSOR_INVALID, without saying which part of it is wrong. What comes back is what was written. */
export function readCursor(text: string, filter: Filter, key: Uint8Array, now: Instant): Json {
  const [payload, signature, ...more] = text.length <= longest ? text.split('.') : [];
  if (!payload || !signature || more.length > 0) throw storeFailure('CURSOR_INVALID');
  const [given, right] = [Buffer.from(signature, 'base64url'), sign(payload, key)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw storeFailure('CURSOR_INVALID');
  const [place, filtered, until] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
    Json,
    string,
    Instant,
  ];
  if (filtered !== digest(filter) || until < now) throw storeFailure('CURSOR_INVALID');
  return place;
}

/** The word before it keeps a signature made with the same key for another purpose from being one of a cursor. */
const sign = (payload: string, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`cursor.${payload}`).digest().subarray(0, 16);

function digest(filter: Filter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(given.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
