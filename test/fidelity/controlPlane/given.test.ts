import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clientCertificate, createCa, serverCertificate } from '../../../infra/world/pki/index.ts';
import { hour } from '../../../shared/time/index.ts';
import { givenCluster } from './given.ts';

const valid = { notBefore: Date.now() - hour, notAfter: Date.now() + hour };
const ca = createCa({ commonName: 'CA', ...valid });
const admin = clientCertificate(ca, { commonName: 'admin', ...valid });

/** An environment whose kubectl prints a kubeconfig of a cluster of this version. */
async function environment(
  version: string,
  {
    less,
    namespaces = ['default', 'kube-system'],
  }: { less?: 'ca' | 'certificate'; namespaces?: string[] } = {},
) {
  const { certPem, keyPem } = serverCertificate(ca, { names: ['127.0.0.1'], ...valid });
  const answers: Record<string, unknown> = {
    '/version': { gitVersion: version },
    '/api/v1/namespaces': { items: namespaces.map((name) => ({ metadata: { name } })) },
  };
  const cluster = createServer({ cert: certPem, key: keyPem }, ({ url }, answer) => {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(answers[url!]));
  }).listen(0, '127.0.0.1');
  await once(cluster, 'listening');
  const server = `https://127.0.0.1:${(cluster.address() as AddressInfo).port}`;
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const view = {
    clusters: [
      { cluster: { server, ...(less !== 'ca' && { 'certificate-authority-data': base64(ca.certPem) }) } },
    ],
    users: [
      {
        user: {
          ...(less !== 'certificate' && { 'client-certificate-data': base64(admin.certPem) }),
          'client-key-data': base64(admin.keyPem),
        },
      },
    ],
  };
  const folder = await mkdtemp(join(tmpdir(), 'drover-given-'));
  await writeFile(join(folder, 'kubectl'), `#!/bin/sh\necho '${JSON.stringify(view)}'\n`);
  await chmod(join(folder, 'kubectl'), 0o755);
  onTestFinished(async () => {
    cluster.close();
    await rm(folder, { recursive: true });
  });
  return { server, PATH: folder, KUBECONFIG: '/a/kubeconfig' };
}

test('a cluster of the same minor version is taken as it is', async () => {
  const { server, ...rest } = await environment('v1.37.9');
  expect(await givenCluster(rest)).toEqual({
    server,
    caPem: ca.certPem,
    clientCertPem: admin.certPem,
    clientKeyPem: admin.keyPem,
    kubeconfig: '/a/kubeconfig',
    kubectl: 'kubectl',
    version: 'v1.37.9',
  });
});

test.each([
  {
    what: 'of another minor version',
    given: () => environment('v1.36.2'),
    reason: 'it is Kubernetes v1.36.2',
  },
  {
    what: 'without a CA',
    given: () => environment('v1.37.1', { less: 'ca' }),
    reason: 'certificate-authority-data',
  },
  {
    what: 'without an administrator’s certificate',
    given: () => environment('v1.37.1', { less: 'certificate' }),
    reason: 'client-certificate-data',
  },
  {
    what: 'that somebody uses',
    given: () => environment('v1.37.1', { namespaces: ['default', 'kube-system', 'shop'] }),
    reason: 'it is in use, for it has the namespaces shop',
  },
  { what: 'without kubectl', given: async () => ({ PATH: '/nowhere' }), reason: 'no kubectl on the PATH' },
])('a cluster $what is refused, and it says why', async ({ given, reason }) => {
  await expect(givenCluster(await given())).rejects.toMatchObject({
    code: 'CLUSTER_UNUSABLE',
    values: { reason: expect.stringContaining(reason), minor: '1.37' },
  });
});
