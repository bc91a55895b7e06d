import { keptCause, type Values } from '#errors';
import type { AccessCode } from '../access/errors.ts';
import type { JoinCode } from '../errors.ts';
import type { Cause } from '../model.ts';
import type { Reacted } from './answers.ts';
import type { LadderCode } from './errors.ts';

/** What one stage was found to be: done, unless something is said. */
export interface Judged {
  failure?: Reacted;
  warnings?: readonly Cause[];
}

type Code = LadderCode | AccessCode | JoinCode;

export const because = (code: Code, values: Values = {}): Cause => keptCause({ code, values });

/** Found by ourselves: nothing but a change helps. */
export const stopped = (code: Code, values: Values = {}): Reacted => ({
  reaction: 'stop',
  cause: because(code, values),
  answer: null,
});
