import { createVault, type KeyKeeper, type Vault } from '#secrets';
import type { Table } from '#store';
import type { Clock } from '#time';

/** A keeper that wraps nothing, so that tests need no file; it counts what it is asked. */
export class OpenKeeper implements KeyKeeper {
  made = 0;
  unwrapped = 0;

  async newDataKey() {
    const plain = new Uint8Array(32).fill(++this.made);
    return { plain, wrapped: plain, by: 'open' };
  }

  async unwrap(wrapped: Uint8Array): Promise<Uint8Array> {
    this.unwrapped++;
    return wrapped;
  }
}

export const aVault = (table: Table, clock: Clock, keeper: KeyKeeper = new OpenKeeper()): Vault =>
  createVault(table, keeper, clock);
