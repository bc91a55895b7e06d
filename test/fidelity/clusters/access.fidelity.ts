import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  accessManifest,
  missingManifest,
  subjectOf,
} from '../../../shared/clusters/accessManifest/accessManifest.ts';
import {
  accessReviewOf,
  capabilities,
  type Permission,
  permissionsOf,
  usualController,
} from '../../../shared/clusters/accessManifest/permissions.ts';
import { checkLocally } from '../../../shared/clusters/credential/checkLocally.ts';
import { readKubeconfig } from '../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { type Connection, connect } from '../controlPlane/connection.ts';

/** What Drover writes for a cluster and reads from one, held to the real thing. */
const real = inject('real');
const namespace = `fidelity-access-${randomUUID().slice(0, 8)}`;
const account = { namespace, name: namespace };
const username = `system:serviceaccount:${namespace}:${namespace}`;
/** In a namespace that is there. */
const controller = { ...usualController, namespace };
const wanted = capabilities.flatMap((capability) => permissionsOf(capability, account, controller));
let token: string;
let server: Connection;

const kubectl = (given: string[], input = ''): string =>
  execFileSync(real.kubectl, ['--kubeconfig', real.kubeconfig, ...given], { input, encoding: 'utf8' });

async function isAllowed(permission: Permission): Promise<boolean> {
  const answer = await server.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    body: accessReviewOf(permission),
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.body.status.allowed;
}

async function missing(): Promise<Permission[]> {
  const answers = await Promise.all(wanted.map(isAllowed));
  return wanted.filter((_, i) => !answers[i]);
}

beforeAll(() => {
  kubectl(['apply', '-f', '-'], accessManifest({ ...account, capabilities: ['watch'] }));
  token = kubectl(['-n', namespace, 'create', 'token', namespace, '--duration=48h']);
  server = connect({ server: real.server, caPem: real.caPem });
});

afterAll(async () => {
  await server?.close();
  kubectl(['delete', 'namespace', namespace, '--wait=false']);
  const own = (kind: string) =>
    kubectl(['get', kind, '-o', 'name'])
      .split('\n')
      .filter((name) => name.includes(namespace) || name.includes('drover-missing-'));
  for (const name of [...own('clusterroles'), ...own('clusterrolebindings')]) kubectl(['delete', name]);
});

test('the manifest for watching grants watching, and nothing of the other capabilities', async () => {
  const lacking = await missing();
  expect(lacking.filter(({ capability }) => capability === 'watch')).toEqual([]);
  // Lists of nodes and pods belong to both.
  const shared = permissionsOf('watch', account).map(
    ({ verb, group, resource }) => `${verb} ${group} ${resource}`,
  );
  const others = wanted.filter(
    ({ capability, verb, group, resource }) =>
      capability !== 'watch' && !shared.slice(-2).includes(`${verb} ${group} ${resource}`),
  );
  expect(lacking).toEqual(others);
});

test('what is missing is closed by its manifest, as it stands', async () => {
  kubectl(['apply', '-f', '-'], missingManifest(await missing(), subjectOf(username)));
  await expect.poll(missing, { timeout: 30_000 }).toEqual([]);
});

test('nobody was granted more than the table says', async () => {
  const more = ['get', 'delete', 'update'].map((verb) => ({
    ...wanted.find(({ resource }) => resource === 'secrets')!,
    verb,
  }));
  expect(await Promise.all(more.map(isAllowed))).toEqual([false, false, false]);
});

test('the token of the account tells whose it is, and needs no warning', () => {
  const { failure, warnings, evidence, expiries } = checkLocally(
    { ca: real.caPem, credential: { type: 'token', token } },
    Date.now(),
  );
  expect({ failure, warnings }).toEqual({ failure: null, warnings: [] });
  expect(evidence?.credential).toMatchObject({
    form: 'jwt',
    subject: username,
    serviceAccount: account,
    boundTo: null,
  });
  expect(expiries.map(({ of }) => of)).toEqual(['ca', 'token']);
});

test('a Secret keeps a token that is told of as bound and without end', async () => {
  kubectl(['apply', '-f', '-'], accessManifest({ ...account, capabilities: ['watch'], token: 'secret' }));
  const read = () =>
    Buffer.from(
      kubectl(['-n', namespace, 'get', 'secret', `${namespace}-token`, '-o', 'jsonpath={.data.token}']),
      'base64',
    ).toString();
  await expect.poll(read, { timeout: 30_000 }).not.toBe('');
  const { failure, warnings } = checkLocally({ credential: { type: 'token', token: read() } }, Date.now());
  expect(failure).toBeNull();
  expect(warnings.map(({ code }) => code)).toEqual(['TOKEN_NEVER_EXPIRES', 'TOKEN_BOUND']);
});

test('what kubectl writes of its own configuration is read, in YAML and in JSON', () => {
  for (const form of ['yaml', 'json']) {
    const text = kubectl(['config', 'view', '--raw', '--flatten', '--minify', '-o', form]);
    const { chosen } = readKubeconfig(text);
    expect(chosen.cluster.server).toBe(real.server);
    expect(chosen.credential.type).toBe('certificate');
    expect(
      checkLocally({ ca: chosen.cluster.ca!, credential: chosen.credential }, Date.now()).failure,
    ).toBeNull();
  }
});
