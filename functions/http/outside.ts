import type { Call } from './endpoint.ts';

/** A worker's silence, and what had to be asked outside. */
export const outward = [502, 504];

/** Whoever has a stored credential opened stands in the audit. */
export const byOf = ({ c, caller }: Pick<Call<object, object, unknown>, 'c' | 'caller'>) => ({
  actor: caller.actor,
  requestId: c.get('requestId'),
});
