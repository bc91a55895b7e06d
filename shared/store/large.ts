import { randomBytes } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Cursor, type Item, type Key, StoreRefused, type Table, type Written } from './table.ts';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/*
 * Values that may not fit into an item: compressed and, where they are still too large, split.
 *
 *   sk                      the pointer: the value itself, or which write's parts make it up
 *   sk#intent#<write>       what a write is about to leave behind, should it end half-way
 *   sk#part#<write>#000     a part; never changed once written
 *
 *   write:  intent ─► parts ─► pointer ─► remove what the pointer before named ─► remove the intent
 *                               └ the one moment at which the new value is there, whole
 *
 * Each write's parts have names of their own and the pointer is written last, so a reader sees one write or
 * another and never a mix. A crash leaves parts that nothing names but an intent: the next write removes them.
 */

interface Parts {
  write: string;
  count: number;
}

/** Leaves room under 400 kB for keys and names. */
const partBytes = 380_000;
/** No honest value comes near; a damaged one must not take the memory. */
const mostBytes = 64 * 1024 * 1024;

/** `refused`: another write or a removal came between; nothing of this one is left. */
export async function writeLarge(
  table: Table,
  key: Key,
  value: Json,
  random: (bytes: number) => Uint8Array = randomBytes,
): Promise<Written> {
  // Zstandard, and at once: 3 ms for 600 kB, where brotli and deflate take 9 and more for the same size.
  const packed = zstdCompressSync(JSON.stringify(value));
  const write = Buffer.from(random(12)).toString('hex');
  const isWhole = packed.byteLength <= partBytes;
  const mine: Parts = { write, count: isWhole ? 0 : Math.ceil(packed.byteLength / partBytes) };
  const { pointer, intents } = await look(table, key);
  const before = pointer && partsOf(pointer);
  const intent: Item = { ...intentKey(key, write), mine: { ...mine }, before: before ? { ...before } : null };
  const isTidy = mine.count === 0 && (before?.count ?? 0) === 0;

  if (!isTidy) await table.put(intent);
  await Promise.all(
    partKeys(key, mine).map((part, n) =>
      table.put({ ...part, data: packed.subarray(n * partBytes, (n + 1) * partBytes) }),
    ),
  );
  const outcome = await table.put(
    { ...key, write, count: mine.count, ...(isWhole && { data: packed }) },
    pointer ? { write: partsOf(pointer).write } : 'absent',
  );
  // A put that was tried twice is refused by its own success.
  if (outcome === 'refused' && (await currentWrite(table, key)) !== write) {
    await removeAll(table, isTidy ? [] : [...partKeys(key, mine), intent]);
    return 'refused';
  }
  // Everything that was there before this write's pointer is garbage now: whoever is still at it will be refused.
  await removeAll(table, [
    ...(before ? partKeys(key, before) : []),
    ...intents.flatMap((left) => partsNamedBy(key, left)),
  ]);
  await removeAll(table, [...intents, ...(isTidy ? [] : [intent])]);
  return 'written';
}

/** Undefined where nothing was written, or it was removed. */
export async function readLarge(table: Table, key: Key): Promise<Json | undefined> {
  for (let missed: string | undefined; ; ) {
    const pointer = await table.get(key);
    if (!pointer) return undefined;
    const { write, count } = partsOf(pointer);
    if (pointer.data instanceof Uint8Array) return unpack(pointer.data);
    const parts = await table.getMany(partKeys(key, { write, count }));
    if (parts.length === count) {
      parts.sort((a, b) => (a.sk < b.sk ? -1 : 1));
      return unpack(Buffer.concat(parts.map((part) => part.data as Uint8Array)));
    }
    // They were replaced while we read, unless the pointer still names the same.
    if (missed === write) throw new StoreRefused('to read a large value', 'parts of it are missing');
    missed = write;
  }
}

/**
 * Removes what crashed writes left behind as well. `refused`: a write came between, and its value stands. A very
 * first write at the same time may lose its parts: this is for what goes for good.
 */
export async function removeLarge(table: Table, key: Key): Promise<Written> {
  const { pointer, intents } = await look(table, key);
  const parts = await keysWithPrefix(table, key.pk, `${key.sk}#part#`);
  const outcome = await table.delete(key, pointer ? { write: partsOf(pointer).write } : 'absent');
  if (outcome === 'refused' && (await currentWrite(table, key)) !== undefined) return 'refused';
  await removeAll(table, parts);
  await removeAll(table, intents);
  return 'written';
}

async function look(table: Table, key: Key): Promise<{ pointer: Item | undefined; intents: Item[] }> {
  const [pointer, { items: intents }] = await Promise.all([
    table.get(key),
    table.query({ partition: key.pk, prefix: intentKey(key, '').sk }),
  ]);
  return { pointer, intents };
}

async function currentWrite(table: Table, key: Key): Promise<string | undefined> {
  const pointer = await table.get(key);
  return pointer && partsOf(pointer).write;
}

const intentKey = ({ pk, sk }: Key, write: string): Key => ({ pk, sk: `${sk}#intent#${write}` });

const partKeys = ({ pk, sk }: Key, { write, count }: Parts): Key[] =>
  Array.from({ length: count }, (_, n) => ({
    pk,
    sk: `${sk}#part#${write}#${String(n).padStart(3, '0')}`,
  }));

function partsNamedBy(key: Key, { mine, before }: Item): Key[] {
  return [mine, before].flatMap((parts) => (parts ? partKeys(key, parts as unknown as Parts) : []));
}

const partsOf = ({ write, count }: Item): Parts => ({ write: String(write), count: Number(count) });

async function keysWithPrefix(table: Table, partition: string, prefix: string): Promise<Key[]> {
  const found: Key[] = [];
  for (let after: Cursor | undefined; ; ) {
    const { items, next } = await table.query({ partition, prefix, attributes: [], ...(after && { after }) });
    found.push(...items);
    if (!next) return found;
    after = next;
  }
}

async function removeAll(table: Table, keys: Key[]): Promise<void> {
  await Promise.all(keys.map(({ pk, sk }) => table.delete({ pk, sk })));
}

function unpack(packed: Uint8Array): Json {
  try {
    return JSON.parse(String(zstdDecompressSync(packed, { maxOutputLength: mostBytes }))) as Json;
  } catch {
    // The cause stays behind: a parser quotes what it reads.
    throw new StoreRefused('to read a large value', 'it is damaged');
  }
}
