import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hour, minute, second } from '#time';
import type { Fault } from '../../../../infra/world/faults/fault.ts';
import { clientCertificate } from '../../../../infra/world/pki/index.ts';
import type { Climbed } from '../../../../shared/clusters/ladder/ladder.ts';
import { ca, client, expose, foreignCa, server, status, tokenOf, valid } from './aCluster.ts';
import { climbing, type Trying } from './climbing.ts';
import { farAway, https } from './servers.ts';
import { StandingClock } from './standingClock.ts';

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

const ada = { type: 'certificate', certificate: client.certPem, key: client.keyPem } as const;
const selfReviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const accessReviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const outcomes = ({ validation }: Climbed) =>
  Object.fromEntries(validation.steps.map(({ step, outcome, code }) => [step, code ?? outcome]));
const stepOf = ({ validation }: Climbed, name: string) => validation.steps.find(({ step }) => step === name)!;

describe('a cluster with which nothing is the matter', () => {
  test('is climbed by a token, and tells what it is', async () => {
    const { url } = await expose(stack);
    const climbed = await climbing({ server: url });
    expect(outcomes(climbed)).toEqual({
      parse: 'ok',
      policy: 'ok',
      dns: 'skipped',
      tcp: 'ok',
      proxy: 'skipped',
      tls: 'ok',
      http: 'ok',
      health: 'ok',
      who: 'ok',
      may: 'ok',
      what: 'ok',
      version: 'ok',
      load: 'ok',
      clock: 'ok',
      same: 'ok',
    });
    expect(climbed.validation).toMatchObject({
      outcome: 'ok',
      code: null,
      failedStep: null,
      warnings: [],
      credential: {
        type: 'token',
        subject: 'system:serviceaccount:drover-system:drover',
        expiresAt: expect.stringMatching(/Z$/),
        rotatedAt: null,
      },
    });
    expect(climbed.seen).toMatchObject({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kubernetesVersion: expect.stringMatching(/\+simulated$/),
      nodes: 3,
      pods: 36,
      apiGroups: expect.arrayContaining(['apps', 'batch']),
      identity: { username: 'system:serviceaccount:drover-system:drover' },
    });
    expect(climbed.seen.expiries.map(({ of }) => of)).toEqual(['ca', 'token', 'serverCertificate']);
    expect(climbed.seen.permissions.every(({ allowed }) => allowed)).toBe(true);
  });

  test('is climbed by a certificate', async () => {
    const { url } = await expose(stack);
    const capabilities = ['watch', 'namespaces', 'sync', 'secrets', 'rotation', 'join'] as const;
    const climbed = await climbing({ server: url, input: { credential: ada, capabilities } });
    expect(climbed.validation).toMatchObject({
      outcome: 'ok',
      credential: { type: 'certificate', subject: 'ada', issuer: 'CN=kubernetes' },
    });
    expect(climbed.seen.identity).toMatchObject({ username: 'ada' });
    expect(new Set(climbed.validation.permissions.map(({ capability }) => capability))).toEqual(
      new Set(capabilities),
    );
  });

  test('is climbed by a certificate where a load balancer lets nobody in without one', async () => {
    const { url } = await expose(stack, { faults: [{ kind: 'clientCertificateRequired' }] });
    expect((await climbing({ server: url, input: { credential: ada } })).validation.code).toBeNull();
  });

  test('is told by its name, through the look-up', async () => {
    const { port } = await expose(stack);
    const resolve = async () => ['127.0.0.1'];
    const climbed = await climbing({ server: `https://api.example.com:${port}`, resolve });
    expect(stepOf(climbed, 'dns')).toMatchObject({
      outcome: 'ok',
      evidence: { host: 'api.example.com', addresses: ['127.0.0.1'] },
    });
    expect(climbed.validation.outcome).toBe('ok');
  });

  test('is reached where only one of its addresses answers', async () => {
    const { port } = await expose(stack);
    const resolve = async () => ['127.0.0.2', '127.0.0.1'];
    const climbed = await climbing({ server: `https://api.example.com:${port}`, resolve });
    expect(stepOf(climbed, 'tcp')).toMatchObject({
      outcome: 'ok',
      evidence: {
        addresses: [
          { address: '127.0.0.2', code: 'TCP_REFUSED' },
          { address: '127.0.0.1', code: null },
        ],
      },
    });
  });

  test('is trusted by its fingerprint in place of a CA, under whatever name', async () => {
    const { port } = await expose(stack);
    const resolve = async () => ['127.0.0.1'];
    const { fingerprint256 } = new X509Certificate(server.certPem);
    const fingerprint = `sha256 Fingerprint=${fingerprint256}`;
    const trying = { server: `https://elsewhere.example.org:${port}`, resolve, withoutCa: true };
    const climbed = await climbing({ ...trying, input: { fingerprint } });
    expect(climbed.validation.warnings).toEqual([]);
    expect(stepOf(climbed, 'tls').evidence).toMatchObject({ verified: false, sha256: fingerprint256 });
    expect((await climbing(trying)).validation.code).toBe('TLS_CA_UNKNOWN');
  });

  test('has its TLS server name where that is another', async () => {
    const { url } = await expose(stack);
    const climb = (tlsServerName: string) => climbing({ server: url, input: { tlsServerName } });
    expect((await climb('api.example.com')).validation.outcome).toBe('ok');
    expect((await climb('other.example.com')).validation.code).toBe('TLS_NAME_MISMATCH');
  });

  test('carries a warning for ever where it is not verified', async () => {
    const { url } = await expose(stack, { faults: [{ kind: 'certificate', problem: 'foreignCa' }] });
    const { validation } = await climbing({ server: url, withoutCa: true, input: { insecure: true } });
    expect(validation).toMatchObject({ outcome: 'warning', warnings: [{ code: 'SERVER_UNVERIFIED' }] });
  });

  test('is known to be the one that was registered', async () => {
    const { url } = await expose(stack);
    const { seen } = await climbing({ server: url });
    const known = { uid: seen.uid, othersWith: async () => [] };
    expect((await climbing({ server: url, known })).validation.outcome).toBe('ok');
  });
});

describe('what proves nothing is not taken for a proof', () => {
  // Test idea 11: /version is answered to anybody.
  test('that /version is answered', async () => {
    const { url, requests } = await expose(stack, { faults: [{ kind: 'credentialsLost' }] });
    const climbed = await climbing({ server: url });
    expect(outcomes(climbed)).toMatchObject({ http: 'ok', health: 'ok', who: 'CREDENTIALS_NOT_PRESENTED' });
    expect(requests.map(({ path }) => path)).toContain('/version');
  });

  const old = ({ path }: { path: string }) =>
    path === selfReviews
      ? status(404, 'NotFound', 'the server could not find the requested resource')
      : undefined;

  test('that an API server too old to say who we are does not object', async () => {
    const { url } = await expose(stack, { instead: old });
    const climbed = await climbing({ server: url });
    expect(stepOf(climbed, 'who')).toMatchObject({
      outcome: 'ok',
      evidence: { by: 'credential', username: 'system:serviceaccount:drover-system:drover' },
    });
    expect(climbed.validation.outcome).toBe('ok');
    // A certificate that nobody knows, from a CA that is not the cluster's.
    const foreign = clientCertificate(foreignCa, { commonName: 'ada', ...valid });
    const credential = { ...ada, certificate: foreign.certPem, key: foreign.keyPem };
    const refused = await climbing({ server: url, input: { credential } });
    expect(outcomes(refused)).toMatchObject({ who: 'ok', may: 'AUTH_REJECTED' });
  });

  test('that it answers what anybody may know, to a credential it has never seen', async () => {
    const { url } = await expose(stack, { instead: old });
    const credential = { type: 'token', token: 'made-up' } as const;
    const climbed = await climbing({ server: url, input: { credential } });
    expect(outcomes(climbed)).toMatchObject({ who: 'ok', may: 'AUTH_REJECTED' });
  });
});

describe('part of a failure is not all of it', () => {
  // Test idea 8.
  test.each<[string, Fault]>([
    ['pods that may not be listed', { kind: 'status', code: 403, on: { resources: ['pods'] } }],
    ['pods that fail', { kind: 'status', code: 503, on: { resources: ['pods'] } }],
    ['pods that are cut off', { kind: 'truncated', afterBytes: 9, on: { resources: ['pods'] } }],
  ])('%s: only that count is unknown', async (_, fault) => {
    const { url } = await expose(stack, { faults: [fault] });
    const climbed = await climbing({ server: url });
    expect(climbed.validation).toMatchObject({ outcome: 'warning', code: null });
    expect(climbed.seen).toMatchObject({ nodes: 3, pods: null });
  });

  test('one API that does not answer leaves the others', async () => {
    const fault = { kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' } as const;
    const { url } = await expose(stack, { faults: [fault] });
    const climbed = await climbing({ server: url });
    expect(stepOf(climbed, 'what')).toMatchObject({
      outcome: 'warning',
      values: { apis: 'v1beta1.metrics.k8s.io' },
      evidence: { silent: ['v1beta1.metrics.k8s.io'] },
    });
    expect(climbed.seen.apiGroups).toContain('apps');
  });

  test('when to come again and which flow was held back is told', async () => {
    const fault = { kind: 'status', code: 429, retryAfterSeconds: 7, on: { path: '/apis/**' } } as const;
    const { url } = await expose(stack, { faults: [fault] });
    expect(stepOf(await climbing({ server: url }), 'who')).toMatchObject({
      code: 'THROTTLED',
      evidence: { retryAfterSeconds: 7, flowSchema: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });
});

describe('time', () => {
  /** Some 300 ms there and back, and 900 for TLS, by the clock: what Argo CD's limit of one second called failed. */
  // Test idea 4.
  test('that distance takes is no failure', async () => {
    const clock = new StandingClock();
    const { port } = await expose(stack);
    const relay = await farAway(stack, port, (piece) => clock.push(piece === 1 ? 900 : 300));
    const { validation } = await climbing({ server: relay.url, clock });
    expect(validation).toMatchObject({ outcome: 'ok', code: null });
    expect(validation.tookMs).toBeGreaterThan(3 * second);
  });

  test('is not spent beyond what there is for all', async () => {
    const clock = new StandingClock();
    // Each comes within its own limit, one after the other.
    const slow = new Set(['/version', '/livez', selfReviews, accessReviews]);
    const { url } = await expose(stack, {
      instead: ({ path }) => {
        if (slow.delete(path)) clock.push(4 * second);
        return undefined;
      },
    });
    const { validation } = await climbing({ server: url, clock });
    expect(validation).toMatchObject({ outcome: 'failed', code: 'HTTP_TIMEOUT', failedStep: 'may' });
  });

  test('that a connection may stay open ends with the climb', async () => {
    const listening = await https(stack, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"gitVersion":"v1.37.1"}');
    });
    await climbing({ server: listening.url });
    expect(listening.connections()).toBeGreaterThan(2);
    await expect.poll(listening.open).toBe(0);
  });

  test('ends when whoever asked has gone', async () => {
    const asker = new AbortController();
    const { url } = await expose(stack, {
      instead: ({ path }) => {
        if (path !== '/livez') return undefined;
        asker.abort();
        return new Promise<never>(() => {});
      },
    });
    const { validation } = await climbing({ server: url, signal: asker.signal });
    expect(validation).toMatchObject({ outcome: 'failed', code: 'CALL_ABORTED', failedStep: 'health' });
  });

  // Test idea 22.
  test.each([
    ['ahead', 12 * minute],
    ['behind', -12 * minute],
  ])('of a clock of our own that is %s makes no credential expired', async (_, off) => {
    const { url } = await expose(stack);
    const token = await tokenOf('short-lived', ['watch'], { expirationSeconds: 600 });
    const trying: Trying = {
      server: url,
      clock: new StandingClock(off),
      input: { credential: { type: 'token', token } },
    };
    const { validation } = await climbing(trying);
    expect(validation).toMatchObject({ code: 'CLOCK_SKEW', failedStep: 'clock' });
  });

  test('that a renewed token has left needs no warning', async () => {
    const { url } = await expose(stack);
    const token = await tokenOf('renewed', ['watch', 'rotation'], { expirationSeconds: 600 });
    const credential = { type: 'token', token } as const;
    const warned = async (capabilities: ('watch' | 'rotation')[]) =>
      (await climbing({ server: url, input: { credential, capabilities } })).validation.warnings;
    expect(await warned(['watch'])).toMatchObject([{ code: 'TOKEN_EXPIRES_SOON', days: 1 }]);
    expect(await warned(['watch', 'rotation'])).toEqual([]);
  });
});

// Test idea 12: to the API server it is a plain 401.
test('a client certificate that has expired is named by its subject, and nobody is asked', async () => {
  const { url, requests } = await expose(stack);
  const expired = clientCertificate(ca, {
    commonName: 'ada',
    notBefore: valid.notBefore,
    notAfter: Date.now() - hour,
  });
  const credential = { ...ada, certificate: expired.certPem, key: expired.keyPem };
  const climbed = await climbing({ server: url, input: { credential } });
  expect(stepOf(climbed, 'parse')).toMatchObject({ code: 'CERT_EXPIRED_LOCAL', values: { subject: 'ada' } });
  expect(requests).toEqual([]);
});

test('an EKS cluster is asked with a signed token', async () => {
  const { url, received } = await https(stack, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"gitVersion":"v1.34.1-eks-1"}');
  });
  const credential = {
    type: 'eks',
    region: 'eu-central-1',
    clusterName: 'store-42',
    accessKeyId: 'AKIDEXAMPLEAKIDEXAMPLE',
    secretAccessKey: 'a-secret-of-the-test',
  } as const;
  const { validation } = await climbing({ server: url, input: { credential } });
  expect(received()).toContain('Bearer k8s-aws-v1.');
  expect(validation.credential).toMatchObject({ type: 'eks', subject: 'store-42' });
  expect(JSON.stringify(validation)).not.toContain('a-secret-of-the-test');
  // Without keys and without an identity of our own there is nothing to sign with.
  const { accessKeyId: _id, secretAccessKey: _key, ...keyless } = credential;
  const none = await climbing({ server: url, input: { credential: keyless } });
  expect(none.validation).toMatchObject({ outcome: 'failed', failedStep: 'http' });
  expect(none.validation.code).toMatch(/^EKS_/);
});
