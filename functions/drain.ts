import { isMainThread } from 'node:worker_threads';

/** What `npm start` sends before it ends, and how the functions of its process answer. */
export const drainChannel = 'drover:drain';
export type DrainMessage = { kind: 'drain' } | { kind: 'busy' | 'done'; id: string };

/**
 * Calls `drain` when the local run is about to end; its end waits for it, a second at most. On AWS there is no such
 * moment: what a lost worker held is taken over within 40 s, there as here.
 */
export function onLocalEnd(drain: () => Promise<void>): void {
  if (process.env.IS_OFFLINE !== 'true') return;
  const channel = new BroadcastChannel(drainChannel);
  channel.unref();
  channel.onmessage = async ({ data }: { data: DrainMessage }) => {
    if (data.kind !== 'drain') return;
    const id = `${isMainThread ? 'main' : 'thread'}-${crypto.randomUUID()}`;
    channel.postMessage({ kind: 'busy', id } satisfies DrainMessage);
    await drain();
    channel.postMessage({ kind: 'done', id } satisfies DrainMessage);
  };
}
