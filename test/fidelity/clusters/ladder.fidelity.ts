import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createNet } from '#net';
import { minute, systemClock } from '#time';
import { createCa } from '../../../infra/world/pki/index.ts';
import {
  accessManifest,
  missingManifest,
  subjectOf,
} from '../../../shared/clusters/accessManifest/accessManifest.ts';
import { capabilities, usualController } from '../../../shared/clusters/accessManifest/permissions.ts';
import { createEksBearers } from '../../../shared/clusters/eks/eksBearer.ts';
import { climb } from '../../../shared/clusters/ladder/climb.ts';
import type { LadderInput } from '../../../shared/clusters/ladder/ladder.ts';

/** The ladder, climbed against a real API server. */
const real = inject('real');
const namespace = `fidelity-ladder-${randomUUID().slice(0, 8)}`;
const account = { namespace, name: namespace };
const username = `system:serviceaccount:${namespace}:${namespace}`;
let token: string;

const kubectl = (given: string[], input = ''): string =>
  execFileSync(real.kubectl, ['--kubeconfig', real.kubeconfig, ...given], { input, encoding: 'utf8' });

async function climbing(input: Partial<LadderInput> = {}) {
  const net = createNet({ clock: systemClock, allowLoopback: true });
  const eks = createEksBearers({ net, clock: systemClock, environment: () => undefined });
  const climbed = await climb(
    {
      server: real.server,
      ca: real.caPem,
      credential: { type: 'token', token },
      capabilities: ['watch'],
      ...input,
    },
    { net, clock: systemClock, eks },
  );
  const { validation } = climbed;
  const said = Object.fromEntries(validation.steps.map(({ step, outcome, code }) => [step, code ?? outcome]));
  return { ...climbed, said };
}

beforeAll(() => {
  kubectl(['apply', '-f', '-'], accessManifest({ ...account, capabilities: [] }));
  token = kubectl(['-n', namespace, 'create', 'token', namespace, '--duration=1000h']);
});

afterAll(() => {
  kubectl(['delete', 'namespace', namespace, '--wait=false']);
  const own = (kind: string) =>
    kubectl(['get', kind, '-o', 'name'])
      .split('\n')
      .filter((name) => name.includes(namespace) || name.includes('drover-missing-'));
  for (const name of [...own('clusterroles'), ...own('clusterrolebindings')]) kubectl(['delete', name]);
});

test('an account without any role is known, and lacks the lists', async () => {
  const { validation, seen, said } = await climbing();
  expect(validation).toMatchObject({ outcome: 'failed', code: 'PERMISSION_MISSING', failedStep: 'may' });
  expect(said).toMatchObject({ tls: 'ok', http: 'ok', health: 'ok', who: 'ok', may: 'PERMISSION_MISSING' });
  expect(seen.identity).toMatchObject({ username });
  const missing = seen.permissions.filter(({ allowed }) => !allowed);
  // What every authenticated one may, by the roles that a cluster is born with.
  expect(missing.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
    'get namespaces',
    'list nodes',
    'list pods',
  ]);
});

test('the manifest of exactly what is missing closes the gap', async () => {
  const { seen } = await climbing();
  const missing = seen.permissions.filter(({ allowed }) => !allowed);
  kubectl(['apply', '-f', '-'], missingManifest(missing, subjectOf(username)));
  await expect.poll(async () => (await climbing()).validation.code, { timeout: 30_000 }).toBeNull();
  const { validation, seen: now, said } = await climbing();
  expect(validation).toMatchObject({ outcome: 'ok', warnings: [] });
  expect(new Set(Object.values(said))).toEqual(new Set(['ok', 'skipped']));
  expect(now).toMatchObject({
    uid: kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']),
    kubernetesVersion: real.version,
    apiGroups: expect.arrayContaining(['apps', 'authentication.k8s.io']),
  });
  const count = (kind: string) => kubectl(['get', kind, '-A', '-o', 'name']).trim().split('\n').length;
  expect(now.nodes).toBe(count('nodes'));
  expect(Math.abs(now.clockSkewMs!)).toBeLessThan(5_000);
});

test('other capabilities that are lacking are told, and granted by their manifest', async () => {
  const all = { capabilities, serviceAccount: account };
  const before = await climbing(all);
  expect(before.validation.outcome).toBe('warning');
  expect(new Set(before.validation.warnings.map(({ code }) => code))).toEqual(
    new Set(['PERMISSION_MISSING']),
  );
  // What "join" needs is granted where NeuVector is.
  kubectl(['create', 'namespace', usualController.namespace]);
  kubectl(['apply', '-f', '-'], accessManifest({ ...account, capabilities }));
  await expect.poll(async () => (await climbing(all)).validation.outcome, { timeout: 30_000 }).toBe('ok');
});

test('an administrator’s certificate climbs to the top', async () => {
  const { clientCertPem: certificate, clientKeyPem: key } = real;
  const credential = { type: 'certificate', certificate, key } as const;
  const { validation, seen } = await climbing({ credential, capabilities });
  expect(validation.code).toBeNull();
  expect(validation.credential).toMatchObject({ type: 'certificate', subject: seen.identity!.username });
});

test('a token that was made up, and one that was tampered with, are refused as such', async () => {
  const [head, body] = token.split('.');
  for (const text of ['made-up', `${head}.${body}.c2lnbmF0dXJl`]) {
    const { validation } = await climbing({ credential: { type: 'token', token: text } });
    expect(validation).toMatchObject({ code: 'AUTH_REJECTED', failedStep: 'who' });
  }
});

test('a CA of another cluster is told from its own', async () => {
  const now = Date.now();
  const other = createCa({ commonName: 'another', notBefore: now - minute, notAfter: now + minute });
  const { validation } = await climbing({ ca: other.certPem });
  expect(validation).toMatchObject({ outcome: 'failed', failedStep: 'tls' });
  expect(validation.code).toMatch(/^TLS_(CA_UNKNOWN|CHAIN_INCOMPLETE)$/);
});
