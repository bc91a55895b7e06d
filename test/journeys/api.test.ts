import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Drover, dataFolder, startDrover } from './drover.ts';

const modes = [
  { mode: 'one process', args: [] },
  { mode: 'threads', args: ['--threads'] },
];

/** A request as the administrator. */
async function asAdmin({ address, data }: Drover, method: string, path: string, body?: object) {
  const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const namesOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.items as { name: string }[]).map(({ name }) => name);

test.each(modes)('what is created is there after a restart, handlers in $mode', async ({ args }) => {
  const data = await dataFolder();
  const first = await startDrover({ data, args });
  const created = await asAdmin(first, 'POST', '/api/v1/tokens', { name: 'reader', role: 'viewer' });
  expect(created.status).toBe(201);
  await first.interrupt();

  const second = await startDrover({ data, args });
  expect(namesOf(await asAdmin(second, 'GET', '/api/v1/tokens'))).toContain('reader');
  const secret = String(created.body.token);
  const whoami = await fetch(`${second.address}/api/v1/whoami`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(await whoami.json()).toMatchObject({ role: 'viewer' });
});

test('--fresh begins anew', async () => {
  const data = await dataFolder();
  const first = await startDrover({ data });
  await asAdmin(first, 'POST', '/api/v1/tokens', { name: 'reader', role: 'viewer' });
  const before = await readFile(join(data, 'admin-token'), 'utf8');
  await first.interrupt();

  const second = await startDrover({ data, args: ['--fresh'] });
  expect(await readFile(join(data, 'admin-token'), 'utf8')).not.toBe(before);
  expect(namesOf(await asAdmin(second, 'GET', '/api/v1/tokens'))).toEqual(['administrator']);
});

test.each(modes)('is ready at once, with every area ticking, handlers in $mode', async ({ args }) => {
  const { address } = await startDrover({ args });
  const ready = await fetch(`${address}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ready', store: 'answers', failing: [] });
});

test('the sign-in URL signs a browser in, once', async () => {
  const { address, said } = await startDrover();
  const url = /http:\/\/\S+\/sign-in\?token=\S+/.exec(said())![0];
  expect((await fetch(url)).status).toBe(200);
  const form = { link: new URL(url).searchParams.get('token')! };
  const signIn = () =>
    fetch(`${address}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: address, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(form),
    });
  const signedIn = await signIn();
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers.get('set-cookie')!;
  expect(cookie).toMatch(/httponly/i);
  expect(cookie).toMatch(/samesite=strict/i);
  const whoami = await fetch(`${address}/api/v1/whoami`, { headers: { cookie: cookie.split(';')[0]! } });
  expect(await whoami.json()).toMatchObject({ role: 'admin' });
  expect((await signIn()).headers.get('set-cookie')).toBeNull();
});

test('the administrator’s token is its owner’s alone, and the same at the next start', async () => {
  const data = await dataFolder();
  const first = await startDrover({ data });
  const token = await readFile(join(data, 'admin-token'), 'utf8');
  expect((await stat(join(data, 'admin-token'))).mode & 0o777).toBe(0o600);
  expect(first.said()).not.toContain(token.trim());
  await first.interrupt();
  await startDrover({ data });
  expect(await readFile(join(data, 'admin-token'), 'utf8')).toBe(token);
});

test('an event of what was created stands in its history', async () => {
  const drover = await startDrover();
  const { body } = await asAdmin(drover, 'POST', '/api/v1/tokens', { name: 'told', role: 'viewer' });
  let types: string[] = [];
  while (!types.includes('token.created')) {
    const history = await asAdmin(drover, 'GET', `/api/v1/tokens/${body.id}/history`);
    expect(history.status).toBe(200);
    types = (history.body.items as { type: string }[]).map(({ type }) => type);
  }
});

test.each(modes)('no other page may read what is here, handlers in $mode', async ({ args }) => {
  const { address } = await startDrover({ args });
  for (const [method, path] of [
    ['GET', '/health'],
    ['GET', '/api/v1/tokens'],
    ['GET', '/no-such-route'],
    ['OPTIONS', '/api/v1/tokens'],
  ] as const) {
    const { headers } = await fetch(`${address}${path}`, {
      method,
      headers: { origin: 'http://other.example', 'access-control-request-method': 'POST' },
    });
    expect([address, null]).toContain(headers.get('access-control-allow-origin'));
    expect(headers.get('access-control-allow-credentials')).not.toBe('true');
  }
});
