import { noteDone } from '#auth';
import { type Actor, type Meter, type Row, readSlot } from '#reconcile';
import type { Vault } from '#secrets';
import type { Table } from '#store';
import type { Clock, Instant } from '#time';
import { clusterError } from '../errors.ts';
import type { ClusterData } from '../model.ts';
import { type Opened, readOpened, writeOpened } from './opened.ts';
import { Openings } from './openings.ts';

export interface SecretPorts {
  vault: Vault;
  table: Table;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  meter: Meter;
  /** How many clusters' credentials may be open at a time. */
  atMost?: number;
}

/** Why a credential is opened. Of one visit to a cluster there is one count and, but for rounds, one audit entry. */
export interface Opening {
  visit: 'round' | 'step' | 'call';
  /** One object for one visit: a step's or a round's context, a call's request. */
  within: object;
  /** Who asked, where somebody did. */
  by?: { actor: Actor; requestId?: string };
}

/** What of a row tells where its secret lies. */
export type Sealed = Pick<Row<ClusterData>, 'id' | 'kind' | 'name'> & {
  data: Pick<ClusterData, 'slot'> & { access: { credential: { version: number } } };
};

/** The credentials of clusters: a worker's alone, never the HTTP function's. */
export interface Secrets {
  /** The value of a slot, bound to this cluster and this version of its credential. */
  seal(id: string, version: number, opened: Opened): Promise<{ sealed: string }>;
  /** Throws a DroverError that says what is the matter where it cannot be opened. */
  open(row: Sealed, opening: Opening): Promise<Opened>;
  /** When what is open of a cluster was opened: whoever holds it may do so for five minutes from then. */
  openedAt(id: string): Instant | undefined;
  /** The cluster refused it: the next visit reads it anew. */
  forget(id: string): void;
}

const area = 'clusters';
const usuallyAtMost = 2_000;

const system: Actor = { kind: 'system', id: 'worker', name: 'Drover' };

export function createSecrets({
  vault,
  table,
  clock,
  random,
  meter,
  atMost = usuallyAtMost,
}: SecretPorts): Secrets {
  const openings = new Openings(atMost);
  const noted = new WeakMap<object, Set<string>>();

  async function note({ id, kind, name, data }: Sealed, { visit, within, by }: Opening): Promise<void> {
    const ids = noted.get(within) ?? new Set();
    noted.set(within, ids);
    if (ids.has(id)) return;
    ids.add(id);
    meter.count('drover_credentials_opened_total', { visit });
    if (visit === 'round') return;
    const saying = noteDone(
      { table, clock, random },
      {
        actor: by?.actor ?? system,
        action: 'cluster.openCredential',
        target: { kind, id, name },
        after: { visit, version: data.access.credential.version },
        ...(by?.requestId !== undefined && { requestId: by.requestId }),
      },
    );
    // What could not be said is said when it is next opened.
    saying.catch(() => ids.delete(id));
    await saying;
  }

  async function unseal({ id, data }: Sealed): Promise<Opened> {
    const value = await readSlot(table, id, data.slot);
    const { version } = data.access.credential;
    if (typeof value?.sealed !== 'string') throw clusterError('SECRET_MISSING', { id, version });
    const opened = readOpened(await vault.open(value.sealed, { area, id, version }));
    if (!opened) throw clusterError('SECRET_MISSING', { id, version });
    return opened;
  }

  return {
    seal: async (id, version, opened) => ({
      sealed: await vault.seal(writeOpened(opened), { area, id, version }),
    }),
    async open(row, opening) {
      // Said before it is done: what cannot be said is not opened.
      await note(row, opening);
      return openings.get(row.id, row.data.slot, clock.now(), () => unseal(row));
    },
    openedAt: (id) => openings.since(id),
    forget: (id) => openings.drop(id),
  };
}
