import { joinError, type MembershipData } from '#join';
import type { Row } from '#reconcile';

/**
 * What the environment describes is changed there. What is done without changing the description (a retry, a
 * preflight, leaving the federation) is a person's as with any other.
 */
export function refuseOwned({ data, name }: Row<MembershipData>): void {
  if (data.from === 'settings') throw joinError('SETTINGS_OWNED', { name });
}

/** Once the settings are gone, which pauses it, nobody else would ever take it away. */
export function refuseInUse(row: Row<MembershipData>): void {
  if (row.data.state.is !== 'paused') refuseOwned(row);
}
