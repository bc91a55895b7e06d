import { noteDone } from '#auth';
import type { DroverError } from '#errors';
import { type Actor, type Meter, readSlot } from '#reconcile';
import type { Table } from '#store';
import type { Clock, Instant } from '#time';
import { Openings } from './openings.ts';
import type { Vault } from './vault.ts';

export interface SecretPorts {
  vault: Vault;
  table: Table;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  meter: Meter;
  /** How many records' secrets may be open at a time. */
  atMost?: number;
}

/** What an area keeps sealed in the slots of its records. */
export interface SecretKind<T> {
  /** Whose data keys it is sealed with. */
  readonly area: string;
  /** As the audit names it: `cluster.openCredential` */
  readonly action: string;
  write(secret: T): string;
  /** Undefined where it is none. */
  read(plain: Uint8Array): T | undefined;
  missing(values: { id: string; version: number }): DroverError;
}

/** Why a secret is opened. Of one visit there is one count and, but for rounds and scrapes, one audit entry. */
export interface Opening {
  visit: 'round' | 'step' | 'call' | 'scrape';
  /** One object for one visit: a step's or a round's context, a call's request. */
  within: object;
  /** Who asked, where somebody did. */
  by?: { actor: Actor; requestId?: string };
}

/** What of a record tells where its secret lies. */
export interface SealedRecord {
  id: string;
  kind: string;
  name: string;
  slot: string;
  version: number;
}

/** The secrets of an area's records: its worker's alone, never the HTTP function's. */
export interface RecordSecrets<T> {
  /** The value of a slot, bound to this record and this version of its secret. */
  seal(id: string, version: number, secret: T): Promise<{ sealed: string }>;
  /** Throws a DroverError that says what is the matter where it cannot be opened. */
  open(record: SealedRecord, opening: Opening): Promise<T>;
  /** When what is open of a record was opened: whoever holds it may do so for five minutes from then. */
  openedAt(id: string): Instant | undefined;
  /** It was refused: the next visit reads it anew. */
  forget(id: string): void;
}

const usuallyAtMost = 2_000;
const system: Actor = { kind: 'system', id: 'worker', name: 'Drover' };

export function createRecordSecrets<T>(
  { vault, table, clock, random, meter, atMost = usuallyAtMost }: SecretPorts,
  { area, action, write, read, missing }: SecretKind<T>,
): RecordSecrets<T> {
  const openings = new Openings<T>(atMost);
  const noted = new WeakMap<object, Set<string>>();

  async function note(record: SealedRecord, { visit, within, by }: Opening): Promise<void> {
    const { id, kind, name, version } = record;
    const ids = noted.get(within) ?? new Set();
    noted.set(within, ids);
    if (ids.has(id)) return;
    ids.add(id);
    meter.count('drover_credentials_opened_total', { visit });
    if (visit === 'round' || visit === 'scrape') return;
    const saying = noteDone(
      { table, clock, random },
      {
        actor: by?.actor ?? system,
        action,
        target: { kind, id, name },
        after: { visit, version },
        ...(by?.requestId !== undefined && { requestId: by.requestId }),
      },
    );
    // What could not be said is said when it is next opened.
    saying.catch(() => ids.delete(id));
    await saying;
  }

  async function unseal({ id, slot, version }: SealedRecord): Promise<T> {
    const value = await readSlot(table, id, slot);
    if (typeof value?.sealed !== 'string') throw missing({ id, version });
    const secret = read(await vault.open(value.sealed, { area, id, version }));
    if (secret === undefined) throw missing({ id, version });
    return secret;
  }

  return {
    seal: async (id, version, secret) => ({ sealed: await vault.seal(write(secret), { area, id, version }) }),
    async open(record, opening) {
      // Said before it is done: what cannot be said is not opened.
      await note(record, opening);
      return openings.get(record.id, record.slot, clock.now(), () => unseal(record));
    },
    openedAt: (id) => openings.since(id),
    forget: (id) => openings.drop(id),
  };
}
