import type { Wish } from '../model.ts';
import { type Judged, stopped } from './judged.ts';
import { sourceOf } from './sourceOf.ts';

/** What a membership needs for a join and was not given, all of it told at once. For metrics alone it needs nothing. */
export function judgeSettings(wish: Wish | null): Judged {
  const missing = wish ? missingIn(wish) : [];
  return missing.length === 0
    ? {}
    : { failure: stopped('JOIN_SETTINGS_MISSING', { missing: missing.join(', ') }) };
}

export function missingIn(wish: Wish): string[] {
  const { storeId, clusterName, advertise, contract, primary } = wish;
  return [
    ...(storeId === null && clusterName === null ? ['storeId | clusterName'] : []),
    ...(sourceOf({ wish, isTokenRenewed: false }) === undefined
      ? ['token | tokenUrl | primary.credential']
      : []),
    // Joins go there, signed in.
    ...(contract === 'master' && !primary?.rest ? ['primary.rest'] : []),
    ...(contract === 'master' && !primary?.credential ? ['primary.credential'] : []),
    // A port alone is none: what the controller has stored is taken as a whole. Who joins directly must say where.
    ...(advertise.server === null && (contract === 'master' || (storeId === null && advertise.port !== null))
      ? ['advertise.server']
      : []),
  ];
}
