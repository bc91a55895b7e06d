import { isMainThread } from 'node:worker_threads';
import { type DrainMessage, drainChannel } from '../../functions/drain.ts';

/**
 * Loaded into the emulator before anything else. It ends the emulator with the process that started it, and tells
 * the functions when the end is near: those in this thread and those in threads of their own alike.
 */
if (isMainThread) {
  process.once('disconnect', () => process.exit(1));
  process.on('message', async (message) => {
    if (message !== 'drain') return;
    await drainFunctions();
    process.send?.('drained');
  });
  process.channel?.unref();
}

/** Functions that run answer at once; a thread may take a moment to be heard. */
const hearing = 50;
const patience = 1_000;

async function drainFunctions(): Promise<void> {
  const busy = new Set<string>();
  const channel = new BroadcastChannel(drainChannel);
  const quiet = Promise.withResolvers<void>();
  let isHeard = false;
  const settle = () => {
    if (isHeard && busy.size === 0) quiet.resolve();
  };
  channel.onmessage = ({ data }: { data: DrainMessage }) => {
    if (data.kind === 'busy') busy.add(data.id);
    if (data.kind === 'done') busy.delete(data.id);
    settle();
  };
  channel.postMessage({ kind: 'drain' } satisfies DrainMessage);
  setTimeout(() => {
    isHeard = true;
    settle();
  }, hearing);
  setTimeout(quiet.resolve, patience);
  await quiet.promise;
  channel.close();
}
