import diagnostics from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNet, type PolicyName } from '#net';
import { systemClock } from '#time';
import { hostile } from './hostile.ts';

const seen = { connections: 0, sockets: 0, asked: [] as string[] };
const servers: Server[] = [];
let port = 0;

const listen = (host: string, wanted: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer((socket) => {
      seen.connections++;
      socket.destroy();
    });
    servers.push(server);
    server.once('error', reject);
    server.listen(wanted, host, () => resolve((server.address() as { port: number }).port));
  });

const countSocket = () => {
  seen.sockets++;
};

beforeAll(async () => {
  port = await listen('127.0.0.1', 0);
  // Where the machine has no IPv6, nothing can be dialled there either.
  await listen('::1', port).catch(() => undefined);
  diagnostics.subscribe('net.client.socket', countSocket);
  diagnostics.subscribe('udp.socket', countSocket);
});

afterAll(() => {
  diagnostics.unsubscribe('net.client.socket', countSocket);
  diagnostics.unsubscribe('udp.socket', countSocket);
  for (const server of servers) server.close();
});

describe('a hostile address is refused before anything leaves', () => {
  test('the corpus holds at least 60 of them', () => {
    expect(new Set(hostile.map((row) => row.url)).size).toBeGreaterThanOrEqual(60);
  });

  const bothPolicies: PolicyName[] = ['cluster', 'webhook'];
  const cases = hostile.flatMap((row) =>
    (row.policy ? [row.policy] : bothPolicies).map((policy) => ({ ...row, policy })),
  );
  test.each(cases)('$policy: $url', async ({ url, policy, leadsTo, code }) => {
    const asked: string[] = [];
    const net = createNet({
      clock: systemClock,
      resolve: async (host) => {
        asked.push(host);
        return leadsTo ?? [];
      },
    });
    const address = url.replaceAll('{port}', String(port));
    const before = seen.sockets;

    await expect(net.send(policy, { url: address, method: 'POST', body: '{}' })).rejects.toMatchObject({
      code,
    });
    await expect(net.vet(policy, address)).rejects.toMatchObject({ code });

    expect(seen.sockets - before).toBe(0);
    expect(asked.length > 0).toBe(leadsTo !== undefined);
  });

  test('the listeners on loopback saw no connection', () => {
    expect(seen.connections).toBe(0);
  });
});

test('the spies do see a connection that is allowed', async () => {
  const net = createNet({ clock: systemClock, allowLoopback: true });
  const before = seen.sockets;
  await expect(net.send('cluster', { url: `https://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: 'TLS_RESET',
  });
  expect(seen.sockets - before).toBe(1);
  expect(seen.connections).toBe(1);
});
