import type { ApiAnswer } from '../kubernetes/api.ts';

/** An answer and how it gets onto the wire. Without more than the answer: whole and at once, as it should be. */
export interface Delivery {
  readonly answer: ApiAnswer;
  /** Added to the Date header. */
  readonly clockSkew?: number;
  /** After so many bytes of the body (0: with the head alone; 'nothing': before it) the connection is lost. */
  readonly resetAfter?: number | 'nothing';
  /** After so many bytes the body ends as if it were whole. */
  readonly endAfter?: number;
  readonly bytesPerSecond?: number;
}

/** `hang`: the request is taken and never answered. */
export type Response = Delivery | 'hang';
