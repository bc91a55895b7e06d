import { readFingerprint } from '#certificates';
import { found } from '../finding.ts';
import { type Checked, refused } from './checked.ts';

export interface FingerprintEvidence {
  /** As Node and OpenSSL spell it: AB:CD:… */
  readonly fingerprint: string;
}

export function checkFingerprint(text: string): Checked<FingerprintEvidence> {
  const read = readFingerprint(text);
  if ('reason' in read) return refused(found('FINGERPRINT_INVALID', { reason: read.reason }));
  return { failure: null, warnings: [], expiries: [], evidence: { fingerprint: read.value } };
}
