import { onTestFinished } from 'vitest';
import { type Actor, type HandOver, slotName, slotsOf } from '#reconcile';
import type { Vault } from '#secrets';
import { MemoryTable, type Table } from '#store';
import { minute } from '#time';
import type { ApiAnswer } from '../../../infra/world/kubernetes/api.ts';
import type { MembershipBody, Prepared } from '../../../shared/join/calls.ts';
import { lookEvery, type MembershipData } from '../../../shared/join/model.ts';
import { changed, newMembership, type Wished } from '../../../shared/join/wishes.ts';
import { createWorker } from '../../../shared/join/worker.ts';
import { bytesFrom, seeded } from '../../fixtures/chance.ts';
import { Cut } from '../../fixtures/cutTable.ts';
import { aVault } from '../clusters/secret/aVault.ts';
import { certificate, type Federation, type Placed, password, reset } from './aFederation.ts';

/** Where a process ends, or an answer is lost: at the write or call of that number, before or after it took effect. */
export interface CutHere {
  readonly at: 'write' | 'call';
  readonly number: number;
  readonly isAfter: boolean;
  /** Only the answer is lost, and the process goes on. */
  readonly isLost?: boolean;
}

export const person: Actor = { kind: 'token', id: 'tok_1', name: 'ada' };

export interface JoinerOptions {
  federation: Federation;
  table?: Table;
  vault?: Vault;
  name?: string;
  cut?: CutHere;
}

/** A Drover process that has memberships, over a table that others may share, by the clock of the federation. */
export function aJoiner({ federation, name = 'drover', cut, ...given }: JoinerOptions) {
  const { clock } = federation;
  const table = given.table ?? new MemoryTable(() => clock.now());
  const vault = given.vault ?? aVault(table, clock);
  const ends = new AbortController();
  const done = { write: 0, call: 0 };
  const lines: unknown[] = [];
  const counted: string[] = [];
  const log = (message: string, fields?: Record<string, unknown>) => void lines.push({ message, ...fields });

  const cutting = async <T>(at: CutHere['at'], go: () => Promise<T>): Promise<T> => {
    if (ends.signal.aborted) throw new Cut();
    const isHere = ++done[at] === cut?.number && cut.at === at;
    const end = (): never => {
      if (!cut?.isLost) ends.abort();
      throw at === 'call' ? reset() : new Cut();
    };
    if (isHere && !cut?.isAfter) end();
    const answer = await go();
    if (isHere) end();
    // What comes after its end nobody reads.
    if (ends.signal.aborted) throw new Cut();
    return answer;
  };
  const mortal = new Proxy(table, {
    get(target, method: keyof Table) {
      const own = target[method];
      if (typeof own !== 'function') return own;
      const call = own.bind(target) as (...args: unknown[]) => Promise<unknown>;
      const isWrite = ['put', 'update', 'delete', 'add'].includes(method);
      return async (...args: unknown[]) => {
        clock.touch();
        return isWrite ? cutting('write', () => call(...args)) : alive(() => call(...args));
      };
    },
  });
  const alive = <T>(go: () => Promise<T>): Promise<T> =>
    ends.signal.aborted ? Promise.reject(new Cut()) : go();

  const left = (error: unknown) => {
    if (!ends.signal.aborted) throw error;
  };
  const worker = createWorker({
    clock,
    table: mortal,
    vault: given.vault ?? vault,
    net: federation.netOf(name, (go: () => Promise<ApiAnswer>) => cutting('call', go)),
    // Waits and ids are the same in every run.
    random: bytesFrom(seeded(++federation.joiners)),
    couriers: {
      work: async (_, handOver: HandOver) => void (isLiving && worker.engine.work(handOver).catch(left)),
      tick: async () => void (isLiving && worker.engine.tick().catch(left)),
      call: async () => null,
    },
    meter: {
      count: (family, labels) => void counted.push(`${family} ${Object.values(labels).join(' ')}`),
      observe: () => undefined,
    },
    log: { debug: log, info: log, warn: log, error: log },
    allowInsecureTls: false,
    environment: () => undefined,
    version: '1.2.3',
  });
  let isLiving = false;
  onTestFinished(async () => {
    ends.abort();
    await worker.close();
  });
  const { records } = worker.engine;

  /** Ticks as by cron, for as long as it lives. */
  function live(): void {
    isLiving = true;
    const ticking = async () => {
      while (!ends.signal.aborted) {
        await worker.engine.tick().catch(left);
        await clock.sleep(minute, ends.signal);
      }
    };
    void ticking();
  }

  async function register(of: string, body: MembershipBody, suffix = 'abcdef'): Promise<string> {
    const id = records.newId('join');
    const prepared = (await worker.answer({ do: 'prepare', id, version: 1, body })) as unknown as Prepared;
    const slot = slotName(0, id);
    await records.create(
      {
        kind: 'join',
        id,
        name: of,
        labels: {},
        everySeconds: lookEvery,
        data: newMembership(prepared, slot, suffix, clock.now()),
        sides: slotsOf(id, slot, prepared.secret),
      },
      { actor: person, action: 'join.create' },
    );
    return id;
  }

  async function dataOf(id: string): Promise<MembershipData> {
    const row = await records.get(id, 'join');
    if (!row) throw new Error('It is gone.');
    return row.data;
  }

  /** As a person asks for it over HTTP. */
  const wish = (id: string, make: (data: MembershipData) => Wished) =>
    records.change(id, 'join', ({ data }) => make(data), { actor: person, action: 'join.change' });

  /** As a person changes it over HTTP. */
  async function give(id: string, body: MembershipBody): Promise<void> {
    const { secretVersion } = await dataOf(id);
    const call = { do: 'prepare', id, of: id, version: secretVersion + 1, body } as const;
    const prepared = (await worker.answer(call)) as unknown as Prepared;
    await records.change(
      id,
      'join',
      ({ data }) => ({
        ...changed(data, prepared, data.slot, clock.now()),
        secret: { value: prepared.secret, into: (next, slot) => ({ ...next, slot }) },
      }),
      { actor: person, action: 'join.update' },
    );
  }

  return {
    clock,
    table,
    vault,
    give,
    worker,
    records,
    lines,
    counted,
    done,
    live,
    register,
    dataOf,
    wish,
    end: () => ends.abort(),
    hasEnded: () => ends.signal.aborted,
  };
}
export type Joiner = ReturnType<typeof aJoiner>;

/** What a person registers of a store: signed in by password, tokens of the primary's administrator. */
export const bodyOf = (store: Placed, primary: Placed, more: MembershipBody = {}): MembershipBody => ({
  storeId: store.controller.name,
  controller: {
    address: `127.0.0.1:${store.rest.port}`,
    ca: certificate.certPem,
    credential: { type: 'password', username: 'admin', password },
  },
  advertise: store.rest,
  primary: {
    rest: `127.0.0.1:${primary.rest.port}`,
    ca: certificate.certPem,
    credential: { type: 'apiKey', name: 'drover', secret: 's3cret-of-the-key' },
  },
  ...more,
});
