import { keys, type Table } from '#store';
import type { Clock } from '#time';
import { decrypt, encrypt } from './aead.ts';
import { DataKeys } from './dataKeys.ts';
import { secretError } from './errors.ts';
import type { KeyKeeper } from './wrapping.ts';

/** Whose secret it is. All of it is bound to what is sealed: moved to another record or version it does not open. */
export interface Owner {
  area: string;
  id: string;
  version: string | number;
}

export interface Vault {
  seal(secret: string | Uint8Array, owner: Owner): Promise<string>;
  open(sealed: string, owner: Owner): Promise<Buffer>;
  /** A new data key for the slice of this record. */
  rotate(area: string, id: string): Promise<void>;
}

/** One data key per slice of an area, so that a round over a slice opens one. */
const scopeIn = (area: string, slice: number) => `${area}#${String(slice).padStart(2, '0')}`;
const scopeOf = (area: string, id: string) => scopeIn(area, keys.sliceOf(id));
export const scopesOf = (area: string): string[] =>
  Array.from({ length: keys.slices }, (_, slice) => scopeIn(area, slice));

const boundTo = (scope: string, generation: number, { id, version }: Owner) =>
  JSON.stringify(['drover', 1, scope, generation, id, String(version)]);

/** What is sealed reads `v1.<scope>.<generation>.<nonce, tag and ciphertext in base64url>`. */
const format = /^v1\.([^.]+)\.(\d+)\.([\w-]+)$/;

/** The data key that something was sealed with; undefined for what is nothing sealed. */
export function keyOf(sealed: string): { scope: string; generation: number } | undefined {
  const [, scope, generation] = format.exec(sealed) ?? [];
  return scope === undefined ? undefined : { scope, generation: Number(generation) };
}

export const createVault = (table: Table, keeper: KeyKeeper, clock: Clock): Vault =>
  vaultOver(new DataKeys(table, keeper, clock));

export function vaultOver(dataKeys: DataKeys): Vault {
  return {
    async seal(secret, owner) {
      const { scope, generation, key } = await dataKeys.newest(scopeOf(owner.area, owner.id));
      const plain = typeof secret === 'string' ? Buffer.from(secret) : secret;
      const body = encrypt(key, plain, boundTo(scope, generation, owner));
      return `v1.${scope}.${generation}.${body.toString('base64url')}`;
    },
    async open(sealed, owner) {
      const unreadable = () => secretError('SECRET_UNREADABLE', { id: owner.id, version: owner.version });
      const [, scope, generation, body] = format.exec(sealed) ?? [];
      if (scope !== scopeOf(owner.area, owner.id)) throw unreadable();
      const { key } = await dataKeys.ofGeneration(scope, Number(generation));
      const plain = decrypt(key, Buffer.from(body!, 'base64url'), boundTo(scope, Number(generation), owner));
      if (!plain) throw unreadable();
      return plain;
    },
    async rotate(area, id) {
      await dataKeys.rotate(scopeOf(area, id));
    },
  };
}
