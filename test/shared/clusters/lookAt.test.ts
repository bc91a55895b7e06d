import { describe, expect, it } from 'vitest';
import { DroverError, errorsOf } from '#errors';
import type { KubeAnswer, KubeConnection, KubeRequest } from '#kubernetes';
import { kubernetesErrors } from '#kubernetes';
import { netErrors } from '#net/errors';
import { systemClock } from '#time';
import type { Fault } from '../../../infra/world/faults/fault.ts';
import { lookAt } from '../../../shared/clusters/lookAt.ts';
import { troubleOf } from '../../../shared/clusters/troubleOf.ts';
import { Answer } from '../../../shared/kubernetes/answer.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aWorldCluster, connected, strangerToken } from '../kubernetes/aWorldCluster.ts';
import { aView } from './aCluster.ts';

const wish = { credential: aView(), apiGroups: 'count' } as const;

async function looked(...faults: Fault[]) {
  const { access } = await aWorldCluster(...faults);
  return lookAt(await connected(access), systemClock, wish);
}

it('a healthy cluster tells who it is, its version and its counts', async () => {
  const { access, cluster } = await aWorldCluster();
  const node = (name: string, ready: string, unschedulable = false) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: unschedulable ? { unschedulable } : {},
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
  const pod = (name: string, phase: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
    status: { phase },
  });
  await cluster.objects.load({ group: '', name: 'nodes' }, [
    node('a', 'True'),
    node('b', 'False'),
    node('c', 'True', true),
  ]);
  await cluster.objects.load({ group: '', name: 'pods' }, [
    pod('x', 'Running'),
    pod('y', 'Running'),
    pod('z', 'Pending'),
  ]);
  const look = await lookAt(await connected(access), systemClock, wish);
  expect(look).toMatchObject({
    outcome: 'ok',
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    seen: {
      kubernetesVersion: expect.stringMatching(/^v1\.\d+\.\d+\+simulated$/),
      isSimulated: true,
      nodes: { total: 3, part: 2 },
      pods: { total: 3, part: 2 },
      apiGroups: expect.any(Number),
    },
    warnings: [],
    expiries: [{ of: 'serverCertificate', at: expect.any(Number), subject: expect.stringMatching(/./) }],
  });
});

it('6: a cluster without nodes and pods is as well as any', async () => {
  expect(await looked()).toMatchObject({
    outcome: 'ok',
    seen: { nodes: { total: 0, part: 0 }, pods: { total: 0, part: 0 } },
  });
});

it.each([
  ['2026-11-21', []],
  ['2027-12-01', ['VERSION_EOL']],
])('what Kubernetes patches no more is told of: on %s', async (day, codes) => {
  const { access } = await aWorldCluster();
  const then = { ...systemClock, now: () => Date.parse(day) };
  const look = await lookAt(await connected(access), then, wish);
  expect(look.outcome === 'ok' && look.warnings.map(({ code }) => code)).toEqual(codes);
});

it('what a server says at length is cut, so that a row has room for it', () => {
  const said = new DroverError('HTTP_5XX', kubernetesErrors.HTTP_5XX, {
    status: 500,
    reason: '长'.repeat(300),
  });
  const look = troubleOf(said, 0, aView());
  expect(look).toMatchObject({ cause: { values: { status: 500, reason: `${'长'.repeat(120)}…` } } });
});

describe('what is the matter', () => {
  it.each<{ name: string; fault: Fault; outcome: string; code: string }>([
    { name: '401', fault: { kind: 'status', code: 401 }, outcome: 'unauthorized', code: 'AUTH_REJECTED' },
    {
      name: 'a credential lost on the way',
      fault: { kind: 'credentialsLost' },
      outcome: 'unauthorized',
      code: 'CREDENTIALS_NOT_PRESENTED',
    },
    { name: '429', fault: { kind: 'status', code: 429 }, outcome: 'degraded', code: 'THROTTLED' },
    { name: '503', fault: { kind: 'status', code: 503 }, outcome: 'degraded', code: 'HTTP_5XX' },
    {
      name: 'not ready',
      fault: { kind: 'unready', checks: ['etcd'] },
      outcome: 'degraded',
      code: 'API_NOT_READY',
    },
    {
      name: 'a login page',
      fault: { kind: 'html', code: 200 },
      outcome: 'unreachable',
      code: 'NOT_KUBERNETES',
    },
    {
      name: 'a redirect',
      fault: { kind: 'redirect', to: 'https://login.example.com/' },
      outcome: 'unreachable',
      code: 'REDIRECTED',
    },
    { name: 'a reset', fault: { kind: 'reset' }, outcome: 'unreachable', code: 'HTTP_CUT' },
    {
      name: 'an expired certificate',
      fault: { kind: 'certificate', problem: 'expired' },
      outcome: 'unreachable',
      code: 'TLS_CERT_EXPIRED',
    },
    { name: 'nobody there', fault: { kind: 'refused' }, outcome: 'unreachable', code: 'TCP_REFUSED' },
  ])('$name: $outcome, $code', async ({ fault, outcome, code }) => {
    expect(await looked(fault)).toMatchObject({ outcome, cause: { code } });
  });

  it('Retry-After is told', async () => {
    const look = await looked({ kind: 'status', code: 429, retryAfterSeconds: 7 });
    expect(look).toMatchObject({ outcome: 'degraded', retryAfterSeconds: 7 });
  });

  it('who may not list what it needs is told of it, and the rest stands', async () => {
    const { access } = await aWorldCluster();
    const look = await lookAt(await connected({ ...access, bearer: () => strangerToken }), systemClock, wish);
    expect(look).toMatchObject({ outcome: 'degraded', cause: { code: 'PERMISSION_MISSING' } });
  });

  it('a refusal is called by what our credential says of itself', async () => {
    const { access } = await aWorldCluster({ kind: 'status', code: 401 });
    const ended = { credential: aView({ expiresAt: systemClock.now() - 1000 }), apiGroups: null };
    expect(await lookAt(await connected(access), systemClock, ended)).toMatchObject({
      outcome: 'unauthorized',
      cause: { code: 'TOKEN_EXPIRED_LOCAL' },
    });
  });
});

it.each<{ name: string; fault: Fault; missing: 'nodes' | 'pods' }>([
  {
    name: 'pods that cannot be listed',
    fault: { kind: 'status', code: 503, on: { path: '/api/v1/pods' } },
    missing: 'pods',
  },
  {
    name: 'nodes that come cut',
    fault: { kind: 'reset', on: { path: '/api/v1/nodes' } },
    missing: 'nodes',
  },
])('8: $name leave the cluster well, and that count unknown', async ({ fault, missing }) => {
  const look = await looked(fault);
  expect(look).toMatchObject({ outcome: 'ok', seen: { [missing]: null } });
  if (look.outcome === 'ok') expect(look.warnings).toHaveLength(1);
});

describe('a server that means ill', () => {
  /** Answers as a cluster does, but for what `says` says. */
  function aServer(says: (request: KubeRequest) => unknown) {
    const asked: string[] = [];
    const answer = (path: string, said: unknown, signal?: AbortSignal) =>
      new Promise<KubeAnswer>((resolve, reject) => {
        const place = { host: 'h', port: 1, method: 'GET', path };
        signal?.addEventListener('abort', () =>
          reject(errorsOf(netErrors)('CALL_ABORTED', { host: 'h', port: 1 })),
        );
        if (said === silence) return;
        const [body, type] =
          typeof said === 'string' ? [said, 'text/plain'] : [JSON.stringify(said), 'application/json'];
        const headers = { 'content-type': type };
        const status = typeof said === 'string' && said.includes('[-]') ? 500 : 200;
        resolve(new Answer({ asked: place, status, headers, body: Buffer.from(body), ms: 1 }));
      });
    const connection: KubeConnection = {
      address: undefined,
      certificate: undefined,
      send: async (request) => {
        asked.push(request.path);
        return answer(request.path, says(request) ?? usual(request.path), request.signal);
      },
      stream: () => Promise.reject(new Error('Nothing here is long')),
      close: async () => undefined,
    };
    return { connection, asked };
  }
  const silence = Symbol('silence');
  const usual = (path: string): unknown => {
    if (path === '/readyz') return '[+]ping ok';
    if (path === '/version') return { gitVersion: 'v1.37.1' };
    if (path.endsWith('/kube-system')) return { metadata: { uid: 'uid-1' } };
    return { kind: 'Table', columnDefinitions: [], rows: [], groups: [] };
  };

  it('and always has one more page of nodes is not followed for ever', async () => {
    const page = { kind: 'Table', columnDefinitions: [], rows: [], metadata: { continue: 'more' } };
    const { connection, asked } = aServer(({ path }) => (path === '/api/v1/nodes' ? page : undefined));
    expect(await lookAt(connection, systemClock, wish)).toMatchObject({
      outcome: 'ok',
      seen: { nodes: null },
    });
    expect(asked.length).toBeLessThan(30);
  });

  it('and answers drop by drop is left after its time, with what was had by then', async () => {
    const { connection } = aServer(({ path }) => (path === '/api/v1/nodes' ? silence : undefined));
    const clock = new SteppedClock();
    const look = await clock.runUntil(lookAt(connection, clock, wish));
    expect(look).toMatchObject({
      outcome: 'ok',
      seen: { nodes: null, pods: { total: 0 } },
      warnings: [{ code: 'HTTP_TIMEOUT' }],
    });
  });

  it('and fails a million checks is told in a sentence', async () => {
    const checks = '[-]a-check-with-a-name failed\n'.repeat(20_000);
    const { connection } = aServer(({ path }) => (path === '/readyz' ? checks : undefined));
    const look = await lookAt(connection, systemClock, wish);
    expect(look).toMatchObject({ outcome: 'degraded', cause: { code: 'API_NOT_READY' } });
    expect(JSON.stringify(look).length).toBeLessThan(1_000);
  });

  it.each([7, { a: 1 }, null])('and calls itself %j has told no identity', async (uid) => {
    const { connection } = aServer(({ path }) =>
      path.endsWith('/kube-system') ? { metadata: { uid } } : undefined,
    );
    expect(await lookAt(connection, systemClock, wish)).toMatchObject({ outcome: 'ok', uid: null });
  });
});
