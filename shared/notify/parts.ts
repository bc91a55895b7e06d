import type { Net } from '#net';
import type { Ports } from '#reconcile';
import type { Vault } from '#secrets';
import type { Key, Table } from '#store';
import type { KnownSubscriptions } from './subscription.ts';

/** What every part of the delivery works with. */
export interface Parts extends Ports {
  table: Table;
  vault: Vault;
  net: Pick<Net, 'send'>;
  known: KnownSubscriptions;
}

/** An item named in a hand-over. No key of ours has a line end in it. */
export const refOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
export const keyOfRef = (ref: string): Key => {
  const [pk = '', sk = ''] = ref.split('\n');
  return { pk, sk };
};
