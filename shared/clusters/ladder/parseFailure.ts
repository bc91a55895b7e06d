import type { DroverError } from '#errors';
import { type Instant, iso } from '#time';
import { ladderSteps, type Validation } from './validation.ts';

/** A kubeconfig that could not be read: failed at the first step, in the shape of every other validation. */
export function parseFailure(error: DroverError, at: Instant): Validation {
  const { code, values, fields } = error;
  const faults = fields.map(({ path, code: fault }) => ({ path, code: fault }));
  return {
    outcome: 'failed',
    code,
    failedStep: 'parse',
    startedAt: iso(at),
    tookMs: 0,
    steps: ladderSteps.map((step) =>
      step === 'parse'
        ? { step, outcome: 'failed', code, values, ms: 0, evidence: faults.length > 0 ? { faults } : {} }
        : { step, outcome: 'skipped', code: null, values: {}, ms: 0, evidence: {} },
    ),
    credential: null,
    permissions: [],
    warnings: [],
  };
}
