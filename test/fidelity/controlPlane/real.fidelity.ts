import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type Connection, connect } from './connection.ts';
import { kubernetesVersion, minorOf } from './versions.ts';

/** That the real cluster is one: what every other case takes for granted. */
const real = inject('real');
const namespace = `fidelity-${randomUUID().slice(0, 8)}`;
const inNamespace = `/api/v1/namespaces/${namespace}`;
const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
let admin: Connection;

beforeAll(async () => {
  admin = connect(real);
  const { status } = await admin.send('POST', '/api/v1/namespaces', {
    body: { metadata: { name: namespace } },
  });
  expect(status).toBe(201);
});
afterAll(async () => {
  await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  await admin.close();
});

test('it says its version, which is of the minor version that the simulation speaks', async () => {
  const { body } = await admin.send('GET', '/version');
  expect(body.gitVersion).toBe(real.version);
  expect(minorOf(body.gitVersion)).toBe(minorOf(kubernetesVersion));
});

test('it is ready in all its parts', async () => {
  const { status, body } = await admin.send('GET', '/readyz?verbose');
  expect(status).toBe(200);
  expect(body).toContain('[+]etcd ok');
  expect(body).toContain('readyz check passed');
});

test('a new namespace is given a service account, whose token is known for what it is and allowed nothing', async () => {
  await vi.waitFor(async () => {
    expect((await admin.send('GET', `${inNamespace}/serviceaccounts/default`)).status).toBe(200);
  }, 20_000);
  const asked = await admin.send('POST', `${inNamespace}/serviceaccounts/default/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
  });
  expect(asked.status).toBe(201);

  const account = connect({ server: real.server, caPem: real.caPem });
  const headers = { authorization: `Bearer ${asked.body.status.token}` };
  const me = await account.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    headers,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  expect(me.body.status.userInfo.username).toBe(`system:serviceaccount:${namespace}:default`);
  const refused = await account.send('GET', `${inNamespace}/secrets`, { headers });
  expect(refused).toMatchObject({ status: 403, body: { kind: 'Status', reason: 'Forbidden' } });
  await account.close();
});

test('a token that nobody issued is refused', async () => {
  const stranger = connect({ server: real.server, caPem: real.caPem });
  const headers = { authorization: 'Bearer nobody' };
  expect(await stranger.send('GET', '/api/v1/nodes', { headers })).toMatchObject({
    status: 401,
    body: { kind: 'Status', reason: 'Unauthorized' },
  });
  await stranger.close();
});

test('an indexed Job runs to its end on the nodes, and what it made goes with it', async ({ skip }) => {
  const { body: nodes } = await admin.send('GET', '/api/v1/nodes');
  const isPlayed = nodes.items.some((node: { metadata: { annotations?: Record<string, string> } }) =>
    Object.hasOwn(node.metadata.annotations ?? {}, 'kwok.x-k8s.io/node'),
  );
  skip(!isPlayed, 'Real nodes would have to pull an image.');

  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'indexed' },
    spec: {
      completions: 20,
      parallelism: 10,
      completionMode: 'Indexed',
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            { name: 'main', image: 'registry.example/none:1', resources: { requests: { cpu: '1' } } },
          ],
        },
      },
    },
  };
  expect((await admin.send('POST', jobs, { body: job })).status).toBe(201);
  await vi.waitFor(
    async () => {
      const { body } = await admin.send('GET', `${jobs}/indexed`);
      expect(body.status.completedIndexes).toBe('0-19');
      expect(body.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Complete', status: 'True' }),
      );
    },
    { timeout: 40_000, interval: 200 },
  );
  const pods = () => admin.send('GET', `${inNamespace}/pods`);
  expect((await pods()).body.items).toHaveLength(20);
  await admin.send('DELETE', `${jobs}/indexed?propagationPolicy=Background`);
  await vi.waitFor(async () => expect((await pods()).body.items).toEqual([]), {
    timeout: 20_000,
    interval: 200,
  });
});
