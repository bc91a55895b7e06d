import { type FedMembers, fedHealth, fedMembers, NvRefused, type SignedIn } from '#neuvector';
import type { Row } from '#reconcile';
import { second } from '#time';
import type { Access, Visit } from '../access/access.ts';
import type { Member, MembershipData, Sight, Wish } from '../model.ts';
import { addressOf, type Place } from './derive.ts';
import { because, type Judged } from './judged.ts';
import { judgePrimary, type OwnEntry } from './judgePrimary.ts';
import { reactionToError, reasonOf } from './reactionToError.ts';
import type { SharedMembers } from './sharedMembers.ts';

const patience = 5 * second;

export interface PrimaryAsked {
  /** Its federation listener. */
  at: Place;
  own: OwnEntry;
  contract: Wish['contract'];
}

/** The primary, as far as it can be asked from here. What counts for a join is whether the controller reaches it. */
export async function askPrimary(
  access: Access,
  row: Row<MembershipData>,
  visit: Visit,
  { at, own, contract }: PrimaryAsked,
): Promise<Judged> {
  const listener = await listenerAt(access, visit, at, contract);
  // What is joined directly stands in the list, and is not told there as ours.
  if (listener.failure || contract === 'master' || !isKnown(row)) return listener;
  const { signal } = visit;
  const fresh = (primary: SignedIn) => fedMembers(primary, signal ? { signal } : {});
  const { members, place, unread } = await membersAt(access, row, visit, fresh);
  const list = members ? judgePrimary(members, place, own) : { warnings: [unread!] };
  return list.failure ? list : { warnings: [...(list.warnings ?? []), ...(listener.warnings ?? [])] };
}

async function listenerAt(
  access: Access,
  { signal }: Visit,
  at: Place,
  contract: Wish['contract'],
): Promise<Judged> {
  const primary = addressOf(at);
  try {
    const way = await access.stranger(primary);
    try {
      await fedHealth(way, { timeout: patience, ...(signal && { signal }) });
    } finally {
      await way.close();
    }
    return {};
  } catch (error) {
    if (signal?.aborted) throw error;
    // Whoever takes joins itself need not be a federation listener: that it answers is enough.
    const met = reactionToError('healthcheck', error, { primary });
    const isAnswered = error instanceof NvRefused || met.cause.code === wrongPort;
    if (contract === 'master' && isAnswered) return {};
    if (met.cause.code === wrongPort) return { failure: met };
    return {
      warnings: [because('JOIN_PRIMARY_UNSEEN', { primary, reason: reasonOf(met.cause.code, error) })],
    };
  }
}

const wrongPort = 'FEDERATION_PORT_IS_REST';

const isKnown = ({ data: { wish } }: Row<MembershipData>): boolean =>
  wish?.primary?.rest != null && wish.primary.credential !== null;

async function membersAt(
  access: Access,
  row: Row<MembershipData>,
  visit: Visit,
  read: (primary: SignedIn) => Promise<FedMembers>,
): Promise<{ members?: FedMembers; place: string; unread?: ReturnType<typeof because> }> {
  const place = row.data.wish!.primary!.rest!;
  try {
    return { members: await access.primary(row, visit, read), place };
  } catch (error) {
    if (visit.signal?.aborted) throw error;
    const { cause } = reactionToError('member', error, { place });
    return { place, unread: because('JOIN_PRIMARY_UNASKED', { reason: reasonOf(cause.code, error) }) };
  }
}

/** How the primary lists a member; null where it cannot be asked. */
export async function listedAt(
  { access, members: shared }: { access: Access; members: SharedMembers },
  row: Row<MembershipData>,
  visit: Visit,
  member: Member,
): Promise<Pick<Sight, 'listed' | 'warnings'>> {
  if (!isKnown(row)) return { listed: null, warnings: [] };
  const { members, unread } = await membersAt(access, row, visit, (primary) => shared.of(primary));
  if (!members) return { listed: null, warnings: [unread!] };
  // Of another federation it could not know.
  const isOfIt = members.role === 'master' && members.primary?.id === member.primary.id;
  if (!isOfIt) return { listed: null, warnings: [] };
  const entry = members.members.find(({ id }) => id === member.id);
  return { listed: { status: entry?.status ?? null }, warnings: [] };
}
