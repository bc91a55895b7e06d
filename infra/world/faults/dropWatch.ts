import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import { expired } from '../kubernetes/status.ts';
import type { RequestFault } from './fault.ts';

type WatchDropped = Extract<RequestFault, { kind: 'watchDropped' }>;

/** The request as the cluster gets it, and what its answer then becomes: a watch that ends before its time. */
export function dropWatch(
  { afterMillis, how }: WatchDropped,
  request: ApiRequest,
): { request: ApiRequest; change: (answer: ApiAnswer) => ApiAnswer } {
  const drop = new AbortController();
  const timer = setTimeout(() => drop.abort(), afterMillis);
  request.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return {
    request: { ...request, signal: AbortSignal.any([request.signal, drop.signal]) },
    change: (answer) => {
      const { body } = answer;
      return typeof body === 'string' || body instanceof Uint8Array
        ? answer
        : { ...answer, body: dropped(body, how, drop.signal) };
    },
  };
}

async function* dropped(
  events: AsyncIterable<string | Uint8Array>,
  how: WatchDropped['how'],
  drop: AbortSignal,
): AsyncIterable<string | Uint8Array> {
  // The cluster ends its events when the signal says so.
  yield* events;
  if (!drop.aborted || how === 'ended') return;
  if (how === 'halfLine') yield '{"type":"MODIFIED","object":{"kind":"Po';
  else if (how === 'expired') yield `${JSON.stringify({ type: 'ERROR', object: tooOld })}\n`;
  else throw new Error('The watch is dropped by a fault: its connection is reset.');
}

const tooOld = expired('too old resource version: 1 (2)').status;
