import type { FedCluster, FedMembers } from '#neuvector';
import { addressOf, isSamePlace, type Place } from './derive.ts';
import { because, type Judged, stopped } from './judged.ts';

/** Under which name and address a cluster is to be listed. */
export interface OwnEntry {
  name: string;
  at: Place;
}

/** Nobody answers a primary there. */
const isDead = ({ status }: FedCluster): boolean => ['left', 'disconnected', 'kicked'].includes(status);

/** What a primary's member list says of a cluster that is in no federation and wants to join. */
export function judgePrimary(listed: FedMembers, place: string, own: OwnEntry): Judged {
  if (listed.role !== 'master') return { failure: stopped('JOIN_PRIMARY_NONE', { place }) };
  const isOurs = ({ restInfo }: FedCluster) => restInfo !== null && isSamePlace(restInfo, own.at);
  // The primary's own name counts as taken.
  const namesakes = [...(listed.primary ? [listed.primary] : []), ...listed.members].filter(
    ({ name }) => name === own.name,
  );
  const other = namesakes.find((entry) => !isOurs(entry));
  if (other) {
    const address = other.restInfo ? addressOf(other.restInfo) : '–';
    return { failure: stopped('NAME_TAKEN_AT_PRIMARY', { name: own.name, address }) };
  }
  const advertised = addressOf(own.at);
  const ghost = namesakes[0] ?? listed.members.find((entry) => isOurs(entry) && isDead(entry));
  const alive = listed.members.find((entry) => isOurs(entry) && !isDead(entry) && !namesakes.includes(entry));
  return {
    warnings: [
      ...(ghost ? [because('JOIN_GHOST', { name: ghost.name, advertised, status: ghost.status })] : []),
      ...(alive ? [because('JOIN_ADDRESS_NOT_STANDALONE', { advertised })] : []),
    ],
  };
}
