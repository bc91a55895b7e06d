import { DroverError } from '#errors';
import { type Anew, itemsOf, recordShelf, type Shelf, type Vault } from '#secrets';
import { type Item, keys, StoreUnanswered, type Table } from '#store';
import type { Clock } from '#time';
import { type Account, isForgettable, mostTries, newAccount } from './account.ts';

const area = 'join';
const version = 'account';

interface Stored {
  account: Account;
  /** Undefined where there is no item. */
  rev: number | undefined;
}

export interface AccountPorts {
  table: Table;
  vault: Vault;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

/** Accounts as they are kept: sealed as a whole, for digests of passwords can be guessed. */
export class AccountItems {
  readonly #ports: AccountPorts;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  async read(id: string): Promise<Account> {
    return (await this.#read(id)).account;
  }

  /**
   * Writes what `edit` makes of what is there, again from what was read anew where another write came between;
   * undefined where it makes nothing.
   */
  async change(id: string, edit: (account: Account) => Account | undefined): Promise<Account | undefined> {
    for (;;) {
      const { account, rev } = await this.#read(id);
      const next = edit(account);
      if (!next) return undefined;
      if (await this.#write(id, next, rev)) return next;
    }
  }

  async #read(id: string): Promise<Stored> {
    const item = await this.#ports.table.get(keys.accountKey(id));
    if (!item) return { account: newAccount(), rev: undefined };
    return { account: await this.#open(id, item), rev: Number(item.rev) };
  }

  async #open(id: string, item: Item): Promise<Account> {
    try {
      const plain = await this.#ports.vault.open(String(item.sealed), { area, id, version });
      return JSON.parse(plain.toString('utf8')) as Account;
    } catch (error) {
      if (!(error instanceof DroverError) || error.code !== 'SECRET_UNREADABLE') throw error;
      // It tells nothing any more: as if all but one try were spent.
      const at = this.#ports.clock.now();
      const tries = Array.from({ length: mostTries - 1 }, (_, n) => ({ id: `lost${n}`, digest: '', at }));
      return { ...newAccount(), tries: tries.map((one) => ({ ...one, is: 'unanswered' })) };
    }
  }

  /** False where another write came between. */
  async #write(id: string, account: Account, rev: number | undefined): Promise<boolean> {
    const { table, vault, random } = this.#ports;
    if (isForgettable(account)) {
      return rev === undefined || (await table.delete(keys.accountKey(id), { rev })) === 'written';
    }
    const last = Buffer.from(random(12)).toString('hex');
    const item: Item = {
      ...keys.accountKey(id),
      rev: (rev ?? 0) + 1,
      last,
      sealed: await vault.seal(JSON.stringify(account), { area, id, version }),
    };
    try {
      return (await table.put(item, rev === undefined ? 'absent' : { rev })) === 'written' || isMine();
    } catch (error) {
      if (error instanceof StoreUnanswered && (await isMine())) return true;
      throw error;
    }

    /** A put that was tried twice is refused by its own success. */
    async function isMine(): Promise<boolean> {
      return (await table.get(keys.accountKey(id)))?.last === last;
    }
  }
}

/** All that is sealed of memberships, for a change of keys: what lies in their slots, and the accounts they sign in as. */
export function joinShelf(table: Table): Shelf {
  const records = recordShelf(table, { area, kind: 'join', versionIn });
  return {
    area,
    reseal: async (anew) => (await records.reseal(anew)) + (await resealAccounts(table, anew)),
  };
}

function versionIn(data: unknown): number | undefined {
  const { secretVersion } = (data ?? {}) as { secretVersion?: unknown };
  return typeof secretVersion === 'number' ? secretVersion : undefined;
}

async function resealAccounts(table: Table, anew: Anew): Promise<number> {
  let count = 0;
  for (let partition = 0; partition < keys.partitions; partition++) {
    for await (const { pk, sk } of itemsOf(table, keys.accountPartition(partition), [])) {
      while (true) {
        const item = await table.get({ pk, sk });
        const sealed = item && (await anew(String(item.sealed), [{ area, id: sk, version }]));
        if (!item || sealed === undefined) break;
        const rev = Number(item.rev);
        if ((await table.put({ ...item, sealed, rev: rev + 1 }, { rev })) === 'refused') continue;
        count++;
        break;
      }
    }
  }
  return count;
}
