import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface FullBacklog {
  close(): Promise<void>;
}

/**
 * A port whose queue of connections that wait to be accepted is full: the system answers no further one, as a
 * firewall that drops. Node accepts whatever it can, so the port is opened by a thread that then stands still.
 */
export async function openFullBacklog(host: string, port: number): Promise<FullBacklog> {
  const worker = new Worker(standStill, { eval: true, workerData: { host, port } });
  await once(worker, 'message');
  const waiting = await fill(host, port);
  return {
    async close() {
      for (const socket of waiting) socket.resetAndDestroy();
      await worker.terminate();
    },
  };
}

const standStill = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ ...workerData, backlog: 1 }, () => {
    parentPort.postMessage('listening');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** How long a connection to loopback may take before it counts as not answered. */
const patience = 150;
/** Systems keep a few more than asked for. */
const most = 16;

async function fill(host: string, port: number): Promise<Socket[]> {
  const waiting: Socket[] = [];
  while (waiting.length < most) {
    const socket = connect({ host, port }).on('error', () => {});
    waiting.push(socket);
    const isAnswered = await Promise.race([
      once(socket, 'connect').then(() => true),
      // On a busy machine the answer may be there, and only not have been looked at.
      new Promise<false>((resolve) =>
        setTimeout(() => setImmediate(() => setImmediate(resolve, false)), patience),
      ),
    ]);
    if (!isAnswered) break;
  }
  return waiting;
}
