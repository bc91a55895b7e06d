import { DroverError } from '#errors';
import { NvRefused } from '#neuvector';
import { type About, type Call, type Reacted, reactionTo } from './answers.ts';

/** What a call threw, as what it means; faults of Drover's own are thrown on. */
export function reactionToError(call: Call, error: unknown, about: About = {}): Reacted {
  if (error instanceof NvRefused) return reactionTo(call, error.refusal, { place: error.place, ...about });
  if (error instanceof DroverError) return reactionTo(call, error, about);
  throw error;
}

/** Ours, by its code; of what somebody answered, the answer. */
export function reasonOf(code: string, error: unknown): string {
  if (!(error instanceof NvRefused)) return code;
  const { status, message } = error.refusal;
  return message === '' ? `${status}` : `${status} ${message}`;
}
