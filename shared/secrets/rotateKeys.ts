import { randomBytes } from 'node:crypto';
import { DroverError } from '#errors';
import type { Table } from '#store';
import type { Clock, Instant, Millis } from '#time';
import { DataKeys } from './dataKeys.ts';
import { keyOf, type Owner, scopesOf, type Vault, vaultOver } from './vault.ts';
import type { KeyKeeper } from './wrapping.ts';

/** What an area keeps sealed, and how it is sealed anew where it lies. */
export interface Shelf {
  /** Whose data keys it is sealed with. */
  readonly area: string;
  /**
   * Walks through all of it, writing what `anew` makes of it only where it still is as it was read; undefined is left
   * as it is. Answers how many were written.
   */
  reseal(anew: Anew): Promise<number>;
}

/**
 * The sealed text, and to whom it may be bound: where that does not say itself which version it is, all that it may
 * be, the likeliest first.
 */
export type Anew = (sealed: string, owners: Iterable<Owner>) => Promise<string | undefined>;

/** The keys that wrap data keys, where they can be changed from here: KMS sees to its own. */
export interface WrappingKeys {
  add(name: string): Promise<void>;
  keep(name: string): Promise<void>;
}

export interface RotationPorts {
  table: Table;
  clock: Clock;
  keeper: KeyKeeper;
  wrapping?: WrappingKeys;
  shelves: readonly Shelf[];
}

export interface RotationOptions {
  /**
   * How long what was sealed before may still be on its way into the table: what a running Drover has begun ends
   * within twice its limit.
   */
  settle: Millis;
  say?: (what: RotationNews) => void;
}

export type RotationNews =
  | { is: 'begun' | 'resumed'; at: Instant }
  /** `unreadable`: damaged, or sealed for another record; they stay as they are. */
  | { is: 'resealed'; resealed: number; unreadable: number }
  | { is: 'waiting'; until: Instant }
  | { is: 'dropped'; generations: number }
  | { is: 'ended' };

/** What a rotation would have to do. */
export interface RotationCount {
  generations: number;
  sealed: number;
}

interface Rotation {
  /** Also the name of its wrapping key. */
  name: string;
  startedAt: Instant;
  isNew: boolean;
}

const place = { pk: 'keys', sk: 'rotation' };

/**
 * New keys for all that is sealed, and nothing left under the old ones. It may end at any point and be run again: what
 * is under way is written down, and each step finds what the one before left to do.
 *
 *   note ─► new wrapping key ─► new data keys ─► reseal ─► wait, reseal, … until nothing is found
 *        ─► drop the old data keys ─► drop the old wrapping keys ─► forget the note
 */
export async function rotateKeys(ports: RotationPorts, options: RotationOptions): Promise<void> {
  const { table, clock, wrapping } = ports;
  const { settle, say = () => undefined } = options;
  const dataKeys = new DataKeys(table, ports.keeper, clock);
  const rotation = await begin(table, clock);
  say({ is: rotation.isNew ? 'begun' : 'resumed', at: rotation.startedAt });
  await wrapping?.add(rotation.name);
  do {
    while (!(await isAllRenewed(ports, dataKeys, rotation, say))) {
      await settled(ports, settle, say);
      await table.update(place, { set: { settled: true } }, { name: rotation.name });
    }
    say({ is: 'dropped', generations: await dropOld(ports, dataKeys, rotation) });
    // A scope may have got its first key of a process that had read the old wrapping keys just before.
  } while (wrapping && !(await isAllWrapped(ports, dataKeys, rotation)));
  await wrapping?.keep(rotation.name);
  await table.delete(place, { name: rotation.name });
  say({ is: 'ended' });
}

/** One pass. A rotation waits once at least: what was sealed before it may still be on its way. */
async function isAllRenewed(
  ports: RotationPorts,
  dataKeys: DataKeys,
  rotation: Rotation,
  say: (what: RotationNews) => void,
): Promise<boolean> {
  const made = await renewAll(ports, dataKeys, rotation);
  const { resealed, unreadable } = await resealAll(ports, dataKeys, rotation);
  say({ is: 'resealed', resealed, unreadable });
  return made + resealed === 0 && isSettled(ports.table, rotation);
}

async function isAllWrapped(
  { shelves }: RotationPorts,
  dataKeys: DataKeys,
  { name }: Rotation,
): Promise<boolean> {
  for (const scope of shelves.flatMap(({ area }) => scopesOf(area))) {
    if ((await dataKeys.generations(scope)).some(({ by }) => by !== name)) return false;
  }
  return true;
}

/** Counts what there is to be rotated, and changes nothing. */
export async function countKeys({ table, clock, keeper, shelves }: RotationPorts): Promise<RotationCount> {
  const dataKeys = new DataKeys(table, keeper, clock);
  const count: RotationCount = { generations: 0, sealed: 0 };
  for (const { area, reseal } of shelves) {
    for (const scope of scopesOf(area)) count.generations += (await dataKeys.generations(scope)).length;
    await reseal(async () => {
      count.sealed++;
      return undefined;
    });
  }
  return count;
}

async function begin(table: Table, clock: Clock): Promise<Rotation> {
  const name = `k${randomBytes(8).toString('hex')}`;
  const startedAt = clock.now();
  if ((await table.put({ ...place, name, startedAt }, 'absent')) === 'written')
    return { name, startedAt, isNew: true };
  const there = await table.get(place);
  return there
    ? { name: String(there.name), startedAt: Number(there.startedAt), isNew: false }
    : begin(table, clock);
}

const isSettled = async (table: Table, { name }: Rotation): Promise<boolean> => {
  const there = await table.get(place);
  return there?.name === name && there.settled === true;
};

/** Scopes that have no key yet get theirs when something is sealed, and then under the new wrapping key. */
async function renewAll({ shelves }: RotationPorts, dataKeys: DataKeys, rotation: Rotation): Promise<number> {
  let made = 0;
  for (const scope of shelves.flatMap(({ area }) => scopesOf(area))) {
    const newest = (await dataKeys.generations(scope)).at(-1);
    if (!newest || newest.rotation === rotation.name) continue;
    await dataKeys.rotate(scope, rotation.name);
    made++;
  }
  return made;
}

interface Resealed {
  resealed: number;
  unreadable: number;
}

async function resealAll(
  { shelves }: RotationPorts,
  dataKeys: DataKeys,
  rotation: Rotation,
): Promise<Resealed> {
  const vault = vaultOver(dataKeys);
  let [resealed, unreadable] = [0, 0];
  for (const shelf of shelves) {
    const current = await currentOf(shelf, dataKeys, rotation);
    resealed += await shelf.reseal(async (sealed, owners) => {
      const key = keyOf(sealed);
      if (key && key.generation >= (current.get(key.scope) ?? Number.POSITIVE_INFINITY)) return undefined;
      const next = await anew(vault, sealed, owners);
      if (next === undefined) unreadable++;
      return next;
    });
  }
  return { resealed, unreadable };
}

/** Undefined where nobody's key opens it any more: to leave it under the old one loses nothing. */
async function anew(vault: Vault, sealed: string, owners: Iterable<Owner>): Promise<string | undefined> {
  for (const owner of owners) {
    try {
      return await vault.seal(await vault.open(sealed, owner), owner);
    } catch (error) {
      if (!(error instanceof DroverError) || error.code !== 'SECRET_UNREADABLE') throw error;
    }
  }
  return undefined;
}

/** The first generation of this rotation, by scope. */
async function currentOf(
  { area }: Shelf,
  dataKeys: DataKeys,
  { name }: Rotation,
): Promise<ReadonlyMap<string, number>> {
  const current = new Map<string, number>();
  for (const scope of scopesOf(area)) {
    const own = (await dataKeys.generations(scope)).find(({ rotation }) => rotation === name);
    if (own) current.set(scope, own.generation);
  }
  return current;
}

async function settled(
  { clock }: RotationPorts,
  settle: Millis,
  say: (what: RotationNews) => void,
): Promise<void> {
  if (settle === 0) return;
  say({ is: 'waiting', until: clock.now() + settle });
  await clock.sleep(settle);
}

/** Those before this rotation's own; a scope that has none of its own is newer than the rotation. */
async function dropOld({ shelves }: RotationPorts, dataKeys: DataKeys, rotation: Rotation): Promise<number> {
  let dropped = 0;
  for (const scope of shelves.flatMap(({ area }) => scopesOf(area))) {
    const all = await dataKeys.generations(scope);
    const first = all.find((one) => one.rotation === rotation.name)?.generation ?? 0;
    for (const { generation } of all.filter((one) => one.generation < first)) {
      await dataKeys.drop(scope, generation);
      dropped++;
    }
  }
  return dropped;
}
