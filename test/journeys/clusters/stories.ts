import { expect } from 'vitest';
import { type Answered, clusters, expectStatus, type Stage, until, untilHealthy } from './stage.ts';

/** A service account in the cluster with what these capabilities need, made as a person would, and its token. */
async function account(
  stage: Stage,
  capabilities: string,
): Promise<{ namespace: string; name: string; token: string }> {
  const { call, kube, prefix } = stage;
  const [namespace, name] = [`${prefix}-drover`, `${prefix}-${capabilities.length}`];
  const query = new URLSearchParams({ capabilities, namespace, name });
  const { body } = await expectStatus(call('GET', `${clusters}/access-manifest?${query}`), 200);
  await kube.apply(body);
  return { namespace, name, token: await kube.token(namespace, name) };
}

const all = 'watch,namespaces,sync,rotation';

/** Secrets went in: what comes out must not hold them. */
function expectNoSecret({ body }: Answered, ...secrets: string[]): void {
  const text = JSON.stringify(body);
  for (const secret of secrets) expect(text.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
}

export async function registersInThreeWays(stage: Stage): Promise<void> {
  const { call, kube, prefix, isSimulated } = stage;
  const { server, ca, kubeconfig, certificate, key } = kube;
  const { token, namespace, name } = await account(stage, all);
  const ways = {
    token: { server, ca, credential: { type: 'token', token } },
    kubeconfig: { credential: { type: 'kubeconfig', kubeconfig } },
    certificate: { server, ca, credential: { type: 'certificate', certificate, key } },
  };
  const nodes = (await kube.get('/api/v1/nodes')).items.length;
  for (const [way, body] of Object.entries(ways)) {
    const tried = await expectStatus(call('POST', `${clusters}/validate-connection`, body), 200);
    expect([way, tried.body.outcome, tried.body.code]).not.toContain('failed');
    expect(tried.body.steps.map(({ step }: { step: string }) => step)).toEqual(
      expect.arrayContaining(['parse', 'tls', 'who', 'may']),
    );
    expectNoSecret(tried, token, key);
    const created = await expectStatus(call('POST', clusters, { name: `${prefix}-${way}`, ...body }), 201);
    expect(created.headers.get('location')).toContain(created.body.id);
    const seen = await untilHealthy(stage, `${prefix}-${way}`);
    expect(seen).toMatchObject({
      server,
      nodes: { total: nodes },
      simulated: isSimulated,
      credential: { type: way, version: 1 },
    });
    expect(seen.kubernetesVersion.endsWith('+simulated')).toBe(isSimulated);
    expectNoSecret(created, token, key);
  }
  const byToken = (await call('GET', `${clusters}/${prefix}-token`)).body;
  expect(byToken.credential).toMatchObject({
    subject: `system:serviceaccount:${namespace}:${name}`,
    expiresAt: expect.any(String),
  });
  expect(byToken.warnings.map(({ code }: { code: string }) => code)).toContain('DUPLICATE_CLUSTER');
}

export async function closesGapsByApplyingTheManifest(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const { server, ca } = kube;
  const [namespace, name] = [`${prefix}-gaps`, `${prefix}-gaps`];
  await kube.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  await kube.apply(
    JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } }),
  );
  const body = { name, server, ca, credential: { type: 'token', token: await kube.token(namespace, name) } };
  const refused = await expectStatus(call('POST', clusters, body), 422);
  expect(refused.body).toMatchObject({
    code: 'VALIDATION_FAILED',
    validation: { outcome: 'failed', code: 'PERMISSION_MISSING', failedStep: 'may' },
  });
  await expectStatus(call('POST', `${clusters}?unchecked=true`, body), 201);
  await until(stage, name, ({ cause }) => cause === 'PERMISSION_MISSING');

  const path = `${clusters}/${name}/access-manifest?missing=true`;
  const { body: missing } = await expectStatus(call('GET', path), 200);
  await kube.apply(missing);
  // A real server's authorizer knows of it a moment later.
  const check = async () => (await call('POST', `${clusters}/${name}/check-connection`)).body;
  await expect.poll(async () => (await check()).outcome, { timeout: 20_000 }).not.toBe('failed');
  await untilHealthy(stage, name);
}

export async function rotatesInPlace(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const name = `${prefix}-token`;
  const before = await expectStatus(call('GET', `${clusters}/${name}`), 200);
  const { token } = await account(stage, all);
  const path = `${clusters}/${name}/credentials`;
  const body = { credential: { type: 'token', token } };
  await expectStatus(call('PUT', path, body), 428);
  const etag = { 'if-match': before.headers.get('etag')! };
  const rotated = await expectStatus(call('PUT', path, body, etag), 200);
  expect(rotated.body).toMatchObject({ id: before.body.id, server: kube.server, credential: { version: 2 } });
  expectNoSecret(rotated, token);
  const { body: history } = await call('GET', `${clusters}/${name}/history`);
  const types = history.items.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['cluster.created', 'cluster.credentials-rotated']));
  await untilHealthy(stage, name);
  // Another server would get a secret that was not given for it.
  const moved = await call('PATCH', `${clusters}/${name}`, { server: 'https://10.99.99.99:6443' });
  expect(moved.status).toBe(422);
}

export async function makesAndEditsNamespaces(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const cluster = `${prefix}-token`;
  const name = `${prefix}-shop`;
  const made = { cluster, name, labels: { team: 'till' }, annotations: { note: 'first' } };
  await expectStatus(call('POST', '/api/v1/namespaces', made), 201);
  expect((await kube.get(`/api/v1/namespaces/${name}`)).metadata.labels).toMatchObject({ team: 'till' });
  const path = `/api/v1/namespaces/${cluster}/${name}`;
  const edited = await expectStatus(call('PATCH', path, { labels: { team: null, tier: 'edge' } }), 200);
  expect(edited.body.labels).toMatchObject({ tier: 'edge' });
  const { labels, annotations } = (await kube.get(`/api/v1/namespaces/${name}`)).metadata;
  expect(labels).toMatchObject({ tier: 'edge' });
  expect(labels).not.toHaveProperty('team');
  expect(annotations).toMatchObject({ note: 'first' });
}

export async function keepsAnInventory(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const name = `${prefix}-token`;
  const sync = { kinds: ['namespaces', 'nodes'], everySeconds: 3600 };
  await expectStatus(call('PATCH', `${clusters}/${name}`, { sync }), 200);
  const answer = await call('POST', `${clusters}/${name}/sync-resources`);
  expect([200, 202]).toContain(answer.status);
  const names = async (kind: string): Promise<string[]> => {
    const { body } = await call('GET', `${clusters}/${name}/inventory/${kind}?limit=200`);
    return (body.items ?? []).map((item: { name: string }) => item.name);
  };
  // The first of 200, of which a shared cluster has more.
  await expect.poll(() => names('namespaces'), { timeout: 60_000 }).toContain('default');
  await expect
    .poll(async () => (await names('nodes')).length, { timeout: 60_000 })
    .toBe(Math.min(200, (await kube.get('/api/v1/nodes')).items.length));
}

export async function keepsTheEarlierPaths(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const earlier = '/api/kubernetes/clusters/';
  const { server, ca, certificate, key } = kube;
  const body = { server, ca, credential: { type: 'certificate', certificate, key } };
  const name = `${prefix}-earlier`;
  const tried = await expectStatus(call('POST', `${earlier}validate-connection/`, body), 200);
  expect(tried.body.status).toBe('connected');
  const created = await expectStatus(call('POST', earlier, { name, ...body }), 201);
  await untilHealthy(stage, name);
  expect((await call('GET', `${earlier}${created.body.id}/`)).body).toMatchObject({
    name,
    status: 'connected',
  });
  const checked = await expectStatus(call('POST', `${earlier}${name}/check-connection/`), 200);
  expect(checked.body.status).toBe('connected');
  const { body: list } = await call('GET', earlier);
  expect(list.items.map((one: { name: string }) => one.name)).toContain(name);
}

export async function tellsCausesInChinese(stage: Stage): Promise<void> {
  const { call, kube } = stage;
  const { ca, certificate, key } = kube;
  const body = {
    server: 'https://127.0.0.1:1025',
    ca,
    credential: { type: 'certificate', certificate, key },
  };
  const path = `${clusters}/validate-connection`;
  const { body: tried } = await expectStatus(call('POST', path, body, { 'accept-language': 'zh' }), 200);
  expect(tried).toMatchObject({ outcome: 'failed', code: 'TCP_REFUSED', failedStep: 'tcp' });
  const failed = tried.steps.find(({ step }: { step: string }) => step === 'tcp');
  for (const said of [failed.message, failed.remedy]) expect(said).toMatch(/\p{Script=Han}/u);
}

export async function isDeletedAndRegisteredAgain(stage: Stage): Promise<void> {
  const { call, kube, prefix } = stage;
  const name = `${prefix}-certificate`;
  const { server, ca, certificate, key } = kube;
  const body = { name, server, ca, credential: { type: 'certificate', certificate, key } };
  const { body: first } = await call('GET', `${clusters}/${name}`);
  await expectStatus(call('DELETE', `${clusters}/${name}`), 202);
  await expect
    .poll(async () => (await call('GET', `${clusters}/${name}`)).status, { timeout: 30_000 })
    .toBe(404);
  const again = await expectStatus(call('POST', clusters, body), 201);
  expect(again.body.id).not.toBe(first.id);
  await untilHealthy(stage, name);
}

/** In this order: later ones build on earlier ones. */
export const stories = {
  'is registered by token, kubeconfig and certificate': registersInThreeWays,
  'has gaps in its rights, which the manifest closes': closesGapsByApplyingTheManifest,
  'gets another credential in place': rotatesInPlace,
  'has namespaces made and edited': makesAndEditsNamespaces,
  'is inventoried': keepsAnInventory,
  'is found under the paths of the earlier program': keepsTheEarlierPaths,
  'is told of in Chinese': tellsCausesInChinese,
  'is deleted, and registered again under its name': isDeletedAndRegisteredAgain,
};
