import { isMainThread } from 'node:worker_threads';

/** Loaded into the emulator before anything else: it must not outlive the process that started it. */
if (isMainThread) process.once('disconnect', () => process.exit(1));
