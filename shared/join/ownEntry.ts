import type { FedCluster } from '#neuvector';
import { advertisedOf, isSamePlace, nameOf, valuesOf } from './ladder/derive.ts';
import type { MembershipData } from './model.ts';

/** What a primary lists of a cluster that joined it directly: the name alone may be another's. */
export function ownEntry(
  members: readonly FedCluster[],
  { wish, suffix }: Pick<MembershipData, 'wish' | 'suffix'>,
): FedCluster | undefined {
  const name = wish && nameOf(wish, suffix)?.value;
  const advertised = wish && advertisedOf(wish, null);
  return members.find(
    (one) =>
      one.name === name &&
      (one.restInfo === null || !advertised || isSamePlace(one.restInfo, valuesOf(advertised))),
  );
}
