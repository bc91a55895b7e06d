import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import type { ControllerEntry } from '../../../infra/world/neuvector/world.ts';
import { kubeOf } from '../clusters/kube.ts';
import { clusters, expectStatus } from '../clusters/stage.ts';
import { aReceiver } from '../receiver.ts';
import { apiKey, joins, stage, untilIn } from './stage.ts';

const primaryOf = (entry: ControllerEntry) => ({
  rest: entry.rest,
  ca: entry.ca,
  credential: apiKey(entry),
});

const bodyFor = (name: string, store: ControllerEntry, primary: ControllerEntry) => ({
  name,
  storeId: store.name,
  controller: {
    address: store.rest,
    ca: store.ca,
    credential: { type: 'password', username: store.user, password: store.password },
  },
  primary: primaryOf(primary),
});

/** Registered by the API, joined, told to a webhook, its metrics served. */
async function joined(args: string[]) {
  const there = await stage(args);
  const { call, controllers, primary, membersOf } = there;
  const receiver = await aReceiver();
  const events = { name: 'pager', url: receiver.url, events: ['join.*'] };
  const hook = await expectStatus(call('POST', '/api/v1/webhooks', events), 201);
  const secret = new Webhook(hook.body.secret);
  const store = controllers['store-2']!;

  const made = await expectStatus(call('POST', joins, bodyFor('north', store, primary)), 201);
  expect(JSON.stringify(made.body)).not.toContain(store.password);
  const record = await untilIn(call, 'north', 'joined');
  expect(record).toMatchObject({ cause: null, attempts: 0 });
  const told = await receiver.next('join.completed', 'north');
  expect(secret.verify(told.body, told.headers)).toMatchObject({ type: 'join.completed', to: 'joined' });
  const [entry, ...others] = await membersOf(store.name);
  expect(others).toEqual([]);
  expect(entry!.name).toMatch(/^store-2-[a-z0-9]{6}$/);

  const metrics = await expectStatus(call('GET', '/metrics/neuvector?membership=north'), 200);
  expect(metrics.body).toMatch(/^nv_summary_services\{target="[^"]+"\} \d+/m);
  expect(metrics.body).toMatch(/^nv_fed_worker\{[^}]*\} 1/m);

  return { ...there, store, entry: entry! };
}

test('a store joins, with handlers in threads', async () => {
  await joined(['--threads']);
}, 120_000);

test('a store joins, is put out, joins again, leaves, is forgotten', async () => {
  const { drover, call, atPrimary, membersOf, seen, store, entry } = await joined([]);
  await atPrimary('DELETE', `/v1/fed/cluster/${entry.id}`);
  // It is looked at every five minutes, and when somebody asks.
  await expectStatus(call('POST', `${joins}/north/retry`), 202);
  const held = await untilIn(call, 'north', 'held');
  expect(held.cause).toBe('PUT_OUT');
  expect(held.remedy).toMatch(/\S/);
  expect(await membersOf(store.name)).toEqual([]);
  await expectStatus(call('POST', `${joins}/north/retry`), 202);
  await untilIn(call, 'north', 'joined');
  expect((await membersOf(store.name)).map(({ name }) => name)).toEqual([entry.name]);

  await expectStatus(call('POST', `${joins}/north/leave`), 202);
  await untilIn(call, 'north', 'left');
  expect(await membersOf(store.name)).toEqual([]);
  await expectStatus(call('DELETE', `${joins}/north`), 202);
  const { signIns } = await seen('store-2');
  expect(signIns).toMatchObject([{ user: 'admin', refused: 0, isBlocked: false }]);
  expect(drover.said()).not.toContain(store.password);
}, 120_000);

test('a controller inside a cluster joins through the service proxy, and the membership says so', async () => {
  const { drover, call, primary, membersOf } = await stage([]);
  const kubeconfig = await readFile(join(drover.data, 'world', 'development.kubeconfig'), 'utf8');
  const kube = kubeOf(kubeconfig);
  onTestFinished(() => kube.close());
  const account = 'capabilities=watch,join&namespace=nv-drover';
  const manifest = await expectStatus(call('GET', `${clusters}/access-manifest?${account}`), 200);
  await kube.apply(manifest.body);
  const token = await kube.token('nv-drover', 'drover');
  const { server, ca } = kube;
  const cluster = { name: 'inside', server, ca, credential: { type: 'token', token } };
  await expectStatus(call('POST', clusters, cluster), 201);
  const inCluster = await kube.get('/api/v1/namespaces/neuvector/secrets/neuvector-bootstrap-secret');
  const password = Buffer.from(inCluster.data.bootstrapPassword, 'base64').toString();
  const body = {
    name: 'within',
    storeId: 'store-4',
    controller: {
      cluster: 'inside',
      namespace: 'neuvector',
      service: 'neuvector-svc-controller-api',
      port: 10_443,
      credential: { type: 'password', username: 'admin', password },
    },
    primary: primaryOf(primary),
  };
  await expectStatus(call('POST', joins, body), 201);
  const joined = await untilIn(call, 'within', 'joined');
  expect(JSON.stringify(joined.warnings)).toContain('VIA_API_SERVER');
  expect(await membersOf('store-4')).toHaveLength(1);
  const metrics = await expectStatus(call('GET', '/probe?target=within'), 200);
  expect(metrics.body).toMatch(/^nv_summary_services\{/m);
});
