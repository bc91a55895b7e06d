import { createHmac, timingSafeEqual } from 'node:crypto';
import { day, type Instant } from '#time';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const goodFor = day;
const longest = 4096;

/** A place in a list as clients get it: opaque, and of no use for another list or filter, changed, or a day later. */
export function sealCursor(place: Json, bound: string, key: Uint8Array, now: Instant): string {
  const payload = Buffer.from(JSON.stringify([now + goodFor, place])).toString('base64url');
  return `${payload}.${sign(payload, bound, key).toString('base64url')}`;
}

/** Undefined for what was not sealed with this key for this list, or is too old. Nothing unsigned is parsed. */
export function openCursor(text: string, bound: string, key: Uint8Array, now: Instant): Json | undefined {
  const [payload, signature, ...more] = text.length <= longest ? text.split('.') : [];
  if (!payload || !signature || more.length > 0) return undefined;
  const [given, made] = [Buffer.from(signature, 'base64url'), sign(payload, bound, key)];
  // Base64 has several spellings of the same bytes; a cursor has one.
  if (given.toString('base64url') !== signature) return undefined;
  if (given.length !== made.length || !timingSafeEqual(given, made)) return undefined;
  const [until, place] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [Instant, Json];
  return now <= until ? place : undefined;
}

/** The word before it keeps a signature made with the same key for another purpose from being one of a cursor. */
const sign = (payload: string, bound: string, key: Uint8Array): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify(['cursor', bound, payload]))
    .digest()
    .subarray(0, 16);
