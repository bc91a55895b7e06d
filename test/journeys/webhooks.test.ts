import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createServer as createTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { startDrover } from './drover.ts';
import { aReceiver, listening, trustsReceivers } from './receiver.ts';

async function aBlackHole(): Promise<{ url: string; connections(): number }> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const port = await listening(server as Server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { url: `https://localhost:${port}/hooks`, connections: () => sockets.size };
}

test('events reach a webhook, signed, past a receiver that swallows everything', async () => {
  const drover = await startDrover({
    environment: trustsReceivers,
  });
  const token = (await readFile(join(drover.data, 'admin-token'), 'utf8')).trim();
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${drover.address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const receiver = await aReceiver();
  const hole = await aBlackHole();

  const forbidden = await call('POST', '/webhooks', { name: 'metadata', url: 'https://169.254.169.254/' });
  expect(forbidden).toMatchObject({ status: 422, body: { code: 'TARGET_FORBIDDEN' } });

  await call('POST', '/webhooks', { name: 'hole', url: hole.url, events: ['token.*'] });
  const made = await call('POST', '/webhooks', { name: 'pager', url: receiver.url, events: ['token.*'] });
  expect(made.status).toBe(201);
  const secret = new Webhook(String(made.body.secret));

  expect(await call('POST', '/webhooks/pager/test')).toMatchObject({
    status: 200,
    body: { ok: true, status: 204 },
  });
  const tested = await receiver.next('webhook.test', 'pager');
  expect(secret.verify(tested.body, tested.headers)).toMatchObject({ record: { name: 'pager' } });

  await call('POST', '/tokens', { name: 'build', role: 'viewer' });
  const told = await receiver.next('token.created', 'build');
  expect(secret.verify(told.body, told.headers)).toMatchObject({
    type: 'token.created',
    record: { name: 'build' },
  });
  expect(hole.connections()).toBeGreaterThan(0);

  // The receiver knows before the worker has written it down.
  await expect
    .poll(async () => (await call('GET', '/webhooks/pager/deliveries?state=delivered')).body.items)
    .toContainEqual(
      expect.objectContaining({
        event: expect.objectContaining({ id: told.headers['webhook-id'] }),
        tries: 1,
      }),
    );
});
