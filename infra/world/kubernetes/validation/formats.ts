import { canonicalQuantity } from './quantity.ts';
import type { Source } from './source.ts';

/** A value cannot be held by the Go type of its place; the message is that of Go's decoder. */
export class Mismatch extends Error {}

/** Reads a value whose type has a form of its own. What is wrong in it ends all decoding, as in Go. */
type Format = (from: Source, mismatch: (found: string, type: string) => undefined) => unknown;

export const formats: Readonly<Record<string, Format>> = {
  'date-time': (from, mismatch) => time(from, mismatch, false),
  'micro-time': (from, mismatch) => time(from, mismatch, true),
  quantity: (from) => {
    if (from.is === 'null') return '0';
    const text = from.is === 'string' ? from.value : from.is === 'number' ? from.text : '';
    const quantity = canonicalQuantity(text.trim());
    if (quantity !== undefined) return quantity;
    throw new Mismatch(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  },
  'int-or-string': (from, mismatch) => {
    if (from.is === 'string') return from.value;
    if (from.is === 'null') return undefined;
    if (from.is !== 'number') return mismatch(from.is, 'int32');
    return fitsInteger(from.text, 'int32') ? Number(from.text) : mismatch(`number ${from.text}`, 'int32');
  },
  byte: (from, mismatch) => {
    if (from.is === 'null') return undefined;
    if (from.is !== 'string') return mismatch(from.is, '[]uint8');
    const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(from.value)?.index;
    const text = from.value.replace(/[\r\n]/g, '');
    if (wrong === undefined && text.length % 4 === 0 && /^[^=]*={0,2}$/.test(text)) return text;
    throw new Mismatch(
      `illegal base64 data at input byte ${wrong ?? Math.max(0, text.length - (text.length % 4 || 4))}`,
    );
  },
};

export function fitsInteger(text: string, format: string | undefined): boolean {
  if (!/^-?\d+$/.test(text)) return false;
  const bits = format === 'int32' ? 31n : 63n;
  const value = BigInt(text);
  return value >= -(1n << bits) && value < 1n << bits;
}

function time(from: Source, mismatch: Parameters<Format>[1], isMicro: boolean): string | undefined {
  if (from.is === 'null') return undefined;
  if (from.is !== 'string') return mismatch(from.is, 'string');
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(from.value);
  const millis = written ? Date.parse(from.value) : Number.NaN;
  const fail = (rest: string, expected: string): never => {
    const layout = isMicro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    const text = JSON.stringify(from.value);
    throw new Mismatch(
      `parsing time ${text} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${expected}"`,
    );
  };
  if (Number.isNaN(millis)) return fail(from.value, '2006');
  if (isMicro && written?.[1]?.length !== 7) return fail(from.value.slice(19), '.000000');
  const seconds = new Date(millis).toISOString().slice(0, 19);
  return isMicro ? `${seconds}.${(written?.[1] ?? '.').slice(1, 7).padEnd(6, '0')}Z` : `${seconds}Z`;
}
