import { once } from 'node:events';
import { createServer } from 'node:net';

/** Why nobody can listen on a port of 127.0.0.1; undefined where it is free. */
export async function whyTaken(port: number): Promise<unknown> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    probe.close();
  }
}
