import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Row, WorkContext } from '#reconcile';
import { hour, minute, second } from '#time';
import { accessManifest } from '../../../shared/clusters/accessManifest/accessManifest.ts';
import type { Prepared } from '../../../shared/clusters/calls.ts';
import { readClaims } from '../../../shared/clusters/credential/jwt.ts';
import type { ClusterData, Did } from '../../../shared/clusters/model.ts';
import { prepareSecret } from '../../../shared/clusters/prepare/index.ts';
import { renew } from '../../../shared/clusters/renewal/renew.ts';
import { aPreparation } from '../../shared/clusters/prepare/aPreparation.ts';
import { connect } from '../controlPlane/connection.ts';

/** A token is asked for, proved and renewed at a real API server, with what the manifest grants and nothing more. */
const real = inject('real');
const namespace = `fidelity-renewal-${randomUUID().slice(0, 8)}`;
const account = { namespace, name: namespace };
const username = `system:serviceaccount:${namespace}:${namespace}`;
const context = { signal: new AbortController().signal, requireTime: () => undefined } as WorkContext;

const kubectl = (given: string[], input = ''): string =>
  execFileSync(real.kubectl, ['--kubeconfig', real.kubeconfig, ...given], { input, encoding: 'utf8' });
const create = (...more: string[]) =>
  kubectl(['-n', namespace, 'create', 'token', namespace, ...more]).trim();

const preparation = aPreparation();
const server = connect({ server: real.server, caPem: real.caPem });

async function registered(id: string, token: string): Promise<Row<ClusterData>> {
  const body = { server: real.server, ca: real.caPem, credential: { type: 'token', token } } as const;
  const prepared: Prepared = await prepareSecret(preparation.parts, {
    do: 'prepare',
    id,
    version: 1,
    body,
    unchecked: false,
  });
  expect(prepared.validation).toMatchObject({ code: null });
  return preparation.store(id, prepared);
}

async function tokenOf(did: Did): Promise<string> {
  if (did.did !== 'renewed') throw new Error(JSON.stringify(did));
  const row = await preparation.store('clu_renewed', {
    access: { credential: did.credential },
    secret: { sealed: did.sealed },
    uid: null,
  } as Prepared);
  const opened = await preparation.open(row);
  if (opened.credential.type !== 'token') throw new Error('No token.');
  return opened.credential.token;
}

async function whoIs(token: string): Promise<string> {
  const { body } = await server.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    headers: { authorization: `Bearer ${token}` },
  });
  return body.status?.userInfo?.username ?? body.reason;
}

beforeAll(() =>
  kubectl(['apply', '-f', '-'], accessManifest({ ...account, capabilities: ['watch', 'rotation'] })),
);

afterAll(async () => {
  await server.close();
  kubectl(['delete', 'namespace', namespace, '--wait=false']);
  for (const kind of ['clusterroles', 'clusterrolebindings']) {
    const names = kubectl(['get', kind, '-o', 'name']).split('\n');
    for (const name of names.filter((one) => one.includes(namespace))) kubectl(['delete', name]);
  }
});

test('a token is renewed by its own account, for 48 hours, and the old one stays good', async () => {
  const old = create('--duration=1h');
  const row = await registered('clu_renewed', old);
  const did = await renew(preparation.parts, row, context);
  expect(did).toMatchObject({
    did: 'renewed',
    credential: { version: 2, subject: username, serviceAccount: account, type: 'token' },
  });
  const token = await tokenOf(did);
  expect([await whoIs(token), await whoIs(old)]).toEqual([username, username]);
  const { expiresAt, issuedAt } = (did as Extract<Did, { did: 'renewed' }>).credential;
  expect(Math.abs(expiresAt! - issuedAt! - 48 * hour)).toBeLessThan(minute);
  const said = readClaims(token);
  if (said.form !== 'jwt') throw new Error('No JWT.');
  expect(Number(said.claims.exp) * second).toBe(expiresAt);
  const before = readClaims(old);
  expect(said.claims.aud).toEqual(before.form === 'jwt' && before.claims.aud);
});

test('without the permission it says which is missing', async () => {
  const row = await registered('clu_renewed', create('--duration=1h'));
  kubectl(['-n', namespace, 'delete', 'role,rolebinding', '--all']);
  await expect
    .poll(() => renew(preparation.parts, row, context), { timeout: 30_000, interval: 500 })
    .toMatchObject({ did: 'renewFailed', cause: { code: 'PERMISSION_MISSING', values: { user: username } } });
  expect(JSON.stringify(await renew(preparation.parts, row, context))).toContain('serviceaccounts/token');
});

test('of an account that was deleted nothing is renewed', async () => {
  const row = await registered('clu_renewed', create('--duration=1h'));
  kubectl(['-n', namespace, 'delete', 'serviceaccount', namespace]);
  await expect
    .poll(() => renew(preparation.parts, row, context), { timeout: 30_000, interval: 500 })
    .toMatchObject({ did: 'renewFailed', cause: { code: 'AUTH_REJECTED' } });
});
