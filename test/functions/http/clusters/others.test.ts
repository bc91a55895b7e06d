import { beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { errorsOf } from '#errors';
import { MemoryTable } from '#store';
import { functionErrors } from '../../../../functions/errors.ts';
import { statusOf } from '../../../../functions/http/clusters/earlier.ts';
import { aView, clusterData } from '../../../shared/clusters/aCluster.ts';
import { start } from '../anApp.ts';
import { aBody, aHerd, type Herd, token } from './aHerd.ts';
import { aNamespace, listed } from './aListing.ts';

let herd: Herd;
beforeEach(async () => {
  herd = await aHerd();
});

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  herd.at.call(herd.operator, method, path, body, headers);
interface KubeObject {
  kind: string;
  metadata: { name: string };
  subjects?: { kind: string; name: string }[];
  rules?: { resources?: string[]; resourceNames?: string[] }[];
}
const objectsIn = (yaml: string): KubeObject[] =>
  parseAllDocuments(yaml).map((one) => one.toJS() as KubeObject);

describe('access manifests', () => {
  test('of a cluster to come are for kubectl, as YAML or as a list', async () => {
    const path = '/api/v1/clusters/access-manifest?capabilities=watch,sync&namespace=ops&name=herder';
    const yaml = await call('GET', path);
    expect(yaml.headers.get('content-type')).toContain('application/yaml');
    const kinds = objectsIn(yaml.body).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual([
      'Namespace ops',
      'ServiceAccount herder',
      'ClusterRole herder-watch',
      'ClusterRoleBinding herder-watch',
      'ClusterRole herder-sync',
      'ClusterRoleBinding herder-sync',
    ]);
    const list = await call('GET', path, undefined, { accept: 'application/json' });
    expect(list.body).toMatchObject({ kind: 'List', items: { length: kinds.length } });
    const odd = await call('GET', '/api/v1/clusters/access-manifest?capabilities=watch,fly');
    expect([odd.status, odd.body.errors[0].path]).toEqual([400, 'query.capabilities']);
    const bad = await call('GET', '/api/v1/clusters/access-manifest?name=a%3Bb');
    expect([bad.status, bad.body.code]).toEqual([422, 'ACCESS_NAME_INVALID']);
  });

  test('for joining are for the service of the controller that is meant', async () => {
    const namesIn = async (query: string) =>
      objectsIn(
        (await call('GET', `/api/v1/clusters/access-manifest?capabilities=join${query}`)).body,
      ).flatMap(({ rules = [] }) => rules.flatMap(({ resourceNames }) => resourceNames));
    expect(await namesIn('')).toEqual(['https:neuvector-svc-controller-api:10443']);
    expect(await namesIn('&controller=security/nv:443')).toEqual(['https:nv:443']);
    const odd = await call('GET', '/api/v1/clusters/access-manifest?controller=https:nv:443');
    expect([odd.status, odd.body.errors[0].path]).toEqual([400, 'query.controller']);
  });

  test('of a cluster that is there are for what it is used for, and for whom it knows us as', async () => {
    await herd.create('alpha', { sync: { kinds: ['pods', 'secrets'] } });
    const credential = aView({ serviceAccount: { namespace: 'ops', name: 'herder' } });
    const { access } = clusterData();
    await herd.become('alpha', { access: { ...access, credential } });
    const names = objectsIn((await call('GET', '/api/v1/clusters/alpha/access-manifest')).body)
      .filter(({ kind }) => kind.endsWith('Role'))
      .map(({ metadata }) => metadata.name);
    expect(names).toEqual(['herder-watch', 'herder-sync', 'herder-secrets', 'herder-rotation']);
    const person = aView({ type: 'certificate', subject: 'CN=ada', serviceAccount: null });
    await herd.become('alpha', { access: { ...access, credential: person } });
    const objects = objectsIn((await call('GET', '/api/v1/clusters/alpha/access-manifest')).body);
    expect(objects.map(({ kind }) => kind)).not.toContain('ServiceAccount');
    expect(objects.flatMap(({ subjects = [] }) => subjects)).toContainEqual(
      expect.objectContaining({ kind: 'User', name: 'CN=ada' }),
    );
  });

  test('of exactly what is missing come from asking the cluster', async () => {
    await herd.create('alpha');
    const path = '/api/v1/clusters/alpha/access-manifest?missing=true&capabilities=watch,sync';
    const permission = {
      capability: 'sync',
      verb: 'list',
      group: 'apps',
      namespace: null,
      name: null,
    } as const;
    herd.worker.permissions.push({ ...permission, resource: 'deployments', allowed: true });
    expect((await call('GET', path)).body).toBe('# Nothing is missing.\n');
    herd.worker.permissions.push({ ...permission, resource: 'daemonsets', allowed: false });
    const objects = objectsIn((await call('GET', path)).body);
    expect(objects.flatMap(({ rules = [] }) => rules.flatMap(({ resources }) => resources))).toEqual([
      'daemonsets',
    ]);
    // Granted to whom the cluster takes us for, whatever the credential says of itself.
    expect(objects[1]?.subjects).toMatchObject([{ kind: 'User', name: 'arn:aws:sts::1:assumed-role/a' }]);
    expect(herd.worker.asked.at(-1)).toMatchObject({ do: 'check', capabilities: ['watch', 'sync'] });
    expect((await herd.at.call(herd.viewer, 'GET', path)).status).toBe(403);
    herd.worker.faults.set('https://alpha.example:6443', { step: 'dns', code: 'DNS_NXDOMAIN' });
    const unknown = await call('GET', path, undefined, { 'accept-language': 'zh' });
    expect([unknown.status, unknown.body.code]).toEqual([409, 'PERMISSIONS_UNKNOWN']);
    expect(unknown.body.detail).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('the earlier paths', () => {
  const old = '/api/kubernetes/clusters/';

  test('take and give the same bodies, and the state in the earlier words besides', async () => {
    const made = await call('POST', old, aBody('alpha'));
    expect([made.status, made.body]).toMatchObject([
      201,
      { name: 'alpha', state: 'pending', status: 'disconnected' },
    ]);
    const { status, ...same } = made.body;
    expect((await call('GET', '/api/v1/clusters/alpha')).body).toEqual(same);
    expect((await call('GET', made.headers.get('location')!)).body).toEqual(made.body);
    expect((await call('GET', old)).body.items).toEqual([made.body]);
    expect((await call('GET', `${old}alpha`)).status).toBe(200);
    const checked = await call('POST', `${old}alpha/check-connection/`);
    expect(checked.body).toMatchObject({ outcome: 'ok', status: 'connected' });
    herd.worker.faults.set('https://alpha.example:6443', { step: 'who', code: 'AUTH_REJECTED' });
    const validated = await call('POST', `${old}validate-connection/`, aBody('alpha'));
    expect(validated.body).toMatchObject({ code: 'AUTH_REJECTED', status: 'error' });
    expect((await call('POST', `${old}alpha/sync-resources/`)).status).toBe(202);
    const put = await call('PUT', `${old}alpha/`, { labels: { a: 'b' } });
    expect(put.body).toMatchObject({ labels: { a: 'b' }, status: 'disconnected' });
    expect((await call('DELETE', `${old}alpha/`)).status).toBe(202);
  });

  test('have namespaces, too', async () => {
    const { id } = (await herd.create('alpha')).body;
    const made = await call('POST', '/api/kubernetes/namespaces/', { cluster: 'alpha', name: 'shop' });
    expect(made.status).toBe(201);
    await listed(herd.at.table, herd.records, id, 'namespaces', [aNamespace('shop')]);
    herd.at.pass(10_000);
    const { body } = await call('GET', '/api/kubernetes/namespaces/');
    expect(body.items).toMatchObject([{ name: 'shop', cluster: { name: 'alpha' } }]);
  });

  test.each([
    ['healthy', 'connected'],
    ['degraded', 'connected'],
    ['unauthorized', 'error'],
    ['held', 'error'],
    ['unreachable', 'disconnected'],
    ['pending', 'disconnected'],
    ['paused', 'disconnected'],
    ['unknown', 'disconnected'],
    ['deleting', 'disconnected'],
  ])('call %s %s', (state, status) => {
    expect(statusOf(state)).toBe(status);
  });
});

test('21: no secret that came in ever goes out: not in answers, the trail, the log, or the store', async () => {
  const written: string[] = [];
  const table = new (class extends MemoryTable {
    override put(...given: Parameters<MemoryTable['put']>) {
      written.push(JSON.stringify(given));
      return super.put(...given);
    }
    override update(...given: Parameters<MemoryTable['update']>) {
      written.push(JSON.stringify(given));
      return super.update(...given);
    }
  })(() => start);
  herd = await aHerd({ table });
  const answers: string[] = [];
  const keep = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await call(method, path, body, headers);
    answers.push(JSON.stringify([answer.status, answer.body, [...answer.headers]]));
    return answer;
  };
  const proxy = `http://user:${token}@proxy.example:3128`;
  const credential = { type: 'token', token };
  const eks = {
    type: 'eks',
    region: 'eu-central-1',
    clusterName: 'c',
    accessKeyId: 'AKIA',
    secretAccessKey: token,
  };
  const kubeconfig = `apiVersion: v1\nkind: Config\nusers: [{name: u, user: {token: ${token}}}]\n`;
  await keep('POST', '/api/v1/clusters', { ...aBody('alpha'), proxy }, { 'idempotency-key': 'k' });
  await keep('POST', '/api/v1/clusters', { ...aBody('alpha'), token });
  await keep('POST', '/api/v1/clusters', {
    ...aBody('beta'),
    credential: { type: 'token', token: `${token} x` },
  });
  await keep('POST', '/api/v1/clusters', { ...aBody('beta'), credential: eks });
  await keep('POST', '/api/v1/clusters', { name: 'gamma', credential: { type: 'kubeconfig', kubeconfig } });
  await keep('POST', '/api/v1/clusters', { ...aBody('beta'), server: `https://u:${token}@beta.example` });
  await keep('POST', '/api/v1/clusters/validate-connection', {
    ...aBody('beta'),
    credential: { ...credential, context: token },
  });
  await keep('PUT', '/api/v1/clusters/alpha', {
    labels: {},
    credential,
    server: 'https://alpha.example:6443',
    proxy,
  });
  await keep('PATCH', '/api/v1/clusters/alpha', { proxy });
  await keep('PUT', '/api/v1/clusters/alpha/credentials', { credential }, { 'if-match': '*' });
  await keep('POST', '/api/v1/clusters/import', { kubeconfig });
  await keep('POST', '/api/v1/clusters/import', { clusters: [{ ...aBody('delta'), proxy }] });
  for (const path of ['', '/alpha', '/alpha/history', '/alpha/access-manifest'])
    await keep('GET', `/api/v1/clusters${path}`);
  const admin = await herd.at.token('admin');
  const audit = await herd.at.call(admin, 'GET', '/api/v1/audit');
  expect(audit.body.items.length).toBeGreaterThan(0);
  answers.push(JSON.stringify(audit.body), JSON.stringify(herd.at.logged), JSON.stringify(herd.at.counted));
  expect(answers.filter((answer) => answer.includes(token))).toEqual([]);
  expect(answers.length).toBeGreaterThan(15);
  expect(written.filter((item) => item.includes(token))).toEqual([]);
  expect(written.length).toBeGreaterThan(10);
});

test('23: a worker that does not answer is an error, and never made-up data', async () => {
  const fail = errorsOf(functionErrors);
  await herd.create('alpha');
  herd.worker.meanwhile = async () => {
    throw fail('WORKER_UNREACHABLE', { area: 'clusters', function: 'drover-clusters-work' });
  };
  const answers = await Promise.all([
    herd.create('beta'),
    call('POST', '/api/v1/clusters/alpha/check-connection'),
    call('POST', '/api/v1/clusters/validate-connection', aBody('beta')),
    call('GET', '/api/v1/namespaces/alpha/default'),
  ]);
  for (const { status, body } of answers) expect([status, body.code]).toEqual([503, 'WORKER_UNREACHABLE']);
  expect((await call('GET', '/api/v1/clusters/beta')).status).toBe(404);
});
