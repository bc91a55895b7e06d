import type { Instant } from '#time';
import type { MembershipData, StageSeen } from './model.ts';

/** A refused sign-in is kept, so that nobody tries it again with the same credential. */
export function withRefusal(data: MembershipData, failed: StageSeen, now: Instant): MembershipData {
  if (failed.reaction !== 'refused' || !failed.cause) return data;
  const of = failed.stage === 'session' ? 'controller' : 'primary';
  const version = credentialVersion(data, of);
  const isKnown = data.refused?.of === of && data.refused.version === version;
  return isKnown ? data : { ...data, refused: { of, version, at: now, cause: failed.cause } };
}

export const credentialVersion = (data: MembershipData, of: 'controller' | 'primary'): number =>
  of === 'controller' ? data.controller.credential.version : (data.wish?.primary?.credential?.version ?? 0);

/** Whether the credential that was refused is still the one that is stored. */
export const isStillRefused = (data: MembershipData): boolean =>
  data.refused !== null && data.refused.version === credentialVersion(data, data.refused.of);
