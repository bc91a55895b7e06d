import { DroverError } from '#errors';
import { NvRefused } from '../refused.ts';

/** Why something was not read: trouble on the way, an answer that is none, or a no. Anything else is a fault of ours. */
export type Failure = DroverError | NvRefused;

export const isFailure = (error: unknown): error is Failure =>
  error instanceof DroverError || error instanceof NvRefused;
