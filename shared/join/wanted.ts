import type { Member, MembershipData } from './model.ts';

/**
 * Whether it is a member of the primary that is wanted: by the addresses that are known of it, which are what was
 * given and what the token said. Where none is known, whichever has it is the right one.
 */
export function isOfWanted({ wish, token, member: known }: MembershipData, { primary }: Member): boolean {
  const wanted = [wish?.primary?.federation, token && hostPort(token.server, token.port)].filter(
    (address): address is string => typeof address === 'string',
  );
  if (wanted.length === 0) return known === null || known.primary.id === primary.id;
  return wanted.some((address) => isSame(address, hostPort(primary.server, primary.port)));
}

const hostPort = (server: string, port: number): string =>
  server.includes(':') && !server.startsWith('[') ? `[${server}]:${port}` : `${server}:${port}`;

/** Names of hosts know no case, and may end in a dot. */
const isSame = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (address: string): string => address.toLowerCase().replace(/\.(?=:\d+$)/, '');
