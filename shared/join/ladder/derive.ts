import type { Origin, Wish } from '../model.ts';
import { usualPort } from '../model.ts';

/** A value, and whence it is known. What was given beats what the token says, and that what can be derived. */
export interface Known<T> {
  value: T;
  origin: Origin;
}
export interface KnownAddress {
  server: Known<string>;
  port: Known<number>;
}
export interface Place {
  server: string;
  port: number;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const suffixLength = 6;

/** What keeps two clusters of one store id apart; drawn once and kept, so that a cluster stays who it is. */
export function drawSuffix(random: (bytes: number) => Uint8Array): string {
  let suffix = '';
  // Of a byte's values only those count that give each letter the same chance.
  const fair = 256 - (256 % letters.length);
  while (suffix.length < suffixLength) {
    for (const byte of random(suffixLength)) {
      if (byte < fair && suffix.length < suffixLength) suffix += letters[byte % letters.length];
    }
  }
  return suffix;
}

/** The cluster's name in the federation; undefined where nothing names it. */
export function nameOf({ clusterName, storeId }: Named, suffix: string): Known<string> | undefined {
  if (clusterName !== null) return { value: clusterName, origin: 'given' };
  return storeId === null ? undefined : { value: `${storeId}-${suffix}`, origin: 'derived' };
}
type Named = Pick<Wish, 'clusterName' | 'storeId'>;

const storeServer = (storeId: string): string => `cn-wukong-r${storeId}.mcd.store`;

/**
 * Where the primary is to reach this cluster; without a name for it, where the controller itself has stored. With the
 * contract `master` the name that follows from a store id is the primary's.
 */
export function advertisedOf(
  { advertise, contract, ...wish }: Pick<Wish, 'advertise' | 'storeId' | 'contract'>,
  local: Place | null,
): KnownAddress | undefined {
  const { server, port } = advertise;
  const storeId = contract === 'master' ? null : wish.storeId;
  if (server === null && storeId === null) return local ? from('controller', local) : undefined;
  return {
    server:
      server === null
        ? { value: storeServer(storeId!), origin: 'derived' }
        : { value: server, origin: 'given' },
    port: port === null ? { value: usualPort, origin: 'derived' } : { value: port, origin: 'given' },
  };
}

/** The primary's federation listener; with the contract `master`, where joins are sent. */
export function primaryOf(
  { primary, contract, storeId }: Pick<Wish, 'primary' | 'contract' | 'storeId'>,
  token: Place | null,
): KnownAddress | undefined {
  const given = primary?.federation ? placeOf(primary.federation) : undefined;
  if (given) return from('given', given);
  if (token) return from('token', token);
  if (contract !== 'master' || storeId === null) return undefined;
  return from('derived', { server: storeServer(storeId), port: usualPort });
}

const from = (origin: Origin, { server, port }: Place): KnownAddress => ({
  server: { value: server, origin },
  port: { value: port, origin },
});

/** `host:port`, of which records are made; undefined for anything else. */
export function placeOf(address: string): Place | undefined {
  const [, server, digits] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  return server === undefined ? undefined : { server, port: Number(digits) };
}

/** `host:port`; an IPv6 address stands in brackets. */
export const addressOf = ({ server, port }: Place): string =>
  `${server.includes(':') && !server.startsWith('[') ? `[${server}]` : server}:${port}`;

/** Names of hosts know no case, and may end in a dot. */
export const isSamePlace = (one: Place, other: Place): boolean =>
  one.port === other.port && plainName(one.server) === plainName(other.server);
const plainName = (server: string): string => server.toLowerCase().replace(/\.$|^\[|\]$/g, '');

export const valuesOf = ({ server, port }: KnownAddress): Place => ({
  server: server.value,
  port: port.value,
});

/** What a join says. */
export interface JoinFields {
  name?: string;
  /** The primary's: left out, the token's count. */
  server?: string;
  port?: number;
  token: string;
  /** Left out, what the controller itself has stored counts. */
  joint?: Place;
}

/**
 * A given primary is told, else the token's counts. With the contract `master` all is told, as those who take such
 * joins expect it.
 */
export function joinFieldsOf(
  wish: Wish,
  suffix: string,
  token: Place & { readonly text: string },
): JoinFields {
  const name = nameOf(wish, suffix);
  const joint = advertisedOf(wish, null);
  const primary = primaryOf(wish, token);
  const isTold = primary && (wish.contract === 'master' || primary.server.origin === 'given');
  return {
    ...(name && { name: name.value }),
    ...(isTold && valuesOf(primary)),
    token: token.text,
    ...(joint && { joint: valuesOf(joint) }),
  };
}
