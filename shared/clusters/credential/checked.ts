import type { Finding } from '../finding.ts';
import type { Expiry } from './expiry.ts';

/**
 * What was found of a part of a credential, without asking anybody: the evidence of the ladder's first step. Whatever
 * stands here may be shown.
 */
export interface Checked<Evidence> {
  /** Why it cannot work, or null. */
  readonly failure: Finding | null;
  readonly warnings: readonly Finding[];
  /** What ends when, for warnings ahead and for metrics. */
  readonly expiries: readonly Expiry[];
  /** Null where it could not be read. */
  readonly evidence: Evidence | null;
}

export const refused = (failure: Finding): Checked<never> => ({
  failure,
  warnings: [],
  expiries: [],
  evidence: null,
});
