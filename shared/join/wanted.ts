import { isSamePlace, type Place, placeOf } from './ladder/derive.ts';
import type { Member, MembershipData } from './model.ts';

/**
 * Whether it is a member of the primary that is wanted: by the addresses that are known of it, which are what was
 * given and what the token said. Where none is known, whichever has it is the right one.
 */
export function isOfWanted({ wish, token, member: known }: MembershipData, { primary }: Member): boolean {
  const federation = wish?.primary?.federation;
  const wanted = [federation ? placeOf(federation) : undefined, token ?? undefined].filter(
    (place): place is Place => place !== undefined,
  );
  if (wanted.length === 0) return known === null || known.primary.id === primary.id;
  return wanted.some((place) => isSamePlace(place, primary));
}
