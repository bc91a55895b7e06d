import { describe, expect, it } from 'vitest';
import { DroverError } from '#errors';
import type { AuditEntry } from '#reconcile';
import { keys } from '#store';
import type { ClusterData } from '../../../../shared/clusters/model.ts';
import { answerNamespaceCall, type NamespaceCall } from '../../../../shared/clusters/namespaces/calls.ts';
import { aSyncedCluster } from '../sync/aSyncedCluster.ts';

const by = { actor: { kind: 'token' as const, id: 'tok_1', name: 'ann' }, requestId: 'req-1' };

type Wish = Partial<NamespaceCall> & { do: NamespaceCall['do']; name?: string };

async function aNamespaceWorld() {
  const world = await aSyncedCluster({ kinds: ['namespaces'] });
  await world.deliver();
  const ask = (wish: Wish) =>
    answerNamespaceCall(
      {
        records: world.engine.records,
        clock: world.clock,
        withConnection: async (_cluster, _by, use) => use(world.connection),
      },
      { cluster: 'clu_1', by, ...wish } as NamespaceCall,
    );
  const refusal = async (wish: Wish): Promise<DroverError> => {
    const error = await ask(wish).catch((thrown: unknown) => thrown);
    if (!(error instanceof DroverError)) throw new Error(`Not refused: ${JSON.stringify(error)}`);
    return error;
  };
  const asKubectl = (name: string, labels: Record<string, string>) =>
    world.send(
      'PATCH',
      `/api/v1/namespaces/${name}?fieldManager=kubectl-label`,
      { metadata: { labels } },
      { 'content-type': 'application/merge-patch+json' },
    );
  const labelsOf = async (name: string) => {
    const { json } = await world.send('GET', `/api/v1/namespaces/${name}`);
    const { 'kubernetes.io/metadata.name': _, ...labels } = json.metadata.labels;
    return labels;
  };
  const audits = async (action: string) => {
    await world.deliver();
    const pages = await Promise.all(
      keys.auditPartitions(world.clock.now()).map((partition) => world.store.query({ partition })),
    );
    return pages
      .flatMap(({ items }) => items.map(({ audit }) => audit as unknown as AuditEntry))
      .filter((entry) => entry.action === action)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  return { ...world, ask, refusal, asKubectl, labelsOf, audits };
}

describe('a namespace', () => {
  it('is created with labels and annotations that are Drover’s, and shows in the inventory', async () => {
    const { ask, deliver, labelsOf, sync } = await aNamespaceWorld();
    const before = (await sync())!.data.head;
    const made = await ask({
      do: 'createNamespace',
      name: 'orders',
      labels: { team: 'shop' },
      annotations: { 'example.com/owner': 'Ann' },
    });
    expect(made).toMatchObject({
      name: 'orders',
      phase: 'Active',
      labels: { team: 'shop' },
      owners: { labels: { team: ['drover'] }, annotations: { 'example.com/owner': ['drover'] } },
    });
    expect(await labelsOf('orders')).toEqual({ team: 'shop' });
    await deliver();
    expect((await sync())!.data).toMatchObject({ run: null, asked: null });
    expect((await sync())!.data.head).not.toBe(before);
  });

  it('is not created over one that is there', async () => {
    const { refusal } = await aNamespaceWorld();
    expect((await refusal({ do: 'createNamespace', name: 'default' })).code).toBe('NAMESPACE_EXISTS');
  });

  it('is edited by what is given: others’ labels stay, Drover’s own go where they are taken away', async () => {
    const { ask, asKubectl, labelsOf } = await aNamespaceWorld();
    await ask({ do: 'createNamespace', name: 'orders', labels: { team: 'shop', tier: 'gold' } });
    await asKubectl('orders', { cost: '17' });
    await ask({ do: 'patchNamespace', name: 'orders', labels: { team: null, stage: 'test' } });
    expect(await labelsOf('orders')).toEqual({ tier: 'gold', cost: '17', stage: 'test' });
  });

  it('has fields of others, which are told with their owner and taken over only where that is asked for', async () => {
    const { ask, asKubectl, labelsOf, refusal } = await aNamespaceWorld();
    await ask({ do: 'createNamespace', name: 'orders' });
    await asKubectl('orders', { cost: '17', team: 'sales' });
    const wish: Wish = { do: 'patchNamespace', name: 'orders', labels: { cost: '18', team: 'sales' } };
    const refused = await refusal(wish);
    expect(refused.code).toBe('NAMESPACE_FIELD_OWNED');
    expect(refused.fields.map(({ path }) => path)).toEqual(['labels.cost']);
    expect(refused.message).toContain('labels.cost (kubectl-label)');
    expect(await labelsOf('orders')).toEqual({ cost: '17', team: 'sales' });
    await ask({ ...wish, force: true } as Wish);
    expect(await labelsOf('orders')).toEqual({ cost: '18', team: 'sales' });
  });

  it('loses a label of somebody else only by force', async () => {
    const { ask, asKubectl, labelsOf, refusal } = await aNamespaceWorld();
    await ask({ do: 'createNamespace', name: 'orders', labels: { team: 'shop' } });
    await asKubectl('orders', { cost: '17' });
    const wish: Wish = { do: 'patchNamespace', name: 'orders', labels: { cost: null } };
    expect((await refusal(wish)).code).toBe('NAMESPACE_FIELD_OWNED');
    await ask({ ...wish, force: true } as Wish);
    expect(await labelsOf('orders')).toEqual({ team: 'shop' });
  });

  it('that is being deleted is neither edited nor made again', async () => {
    const { ask, refusal, send } = await aNamespaceWorld();
    await ask({ do: 'createNamespace', name: 'orders' });
    const { json } = await send('GET', '/api/v1/namespaces/orders');
    json.metadata.finalizers = ['example.com/hold'];
    await send('PUT', '/api/v1/namespaces/orders', json);
    await send('DELETE', '/api/v1/namespaces/orders');
    expect((await refusal({ do: 'patchNamespace', name: 'orders', labels: { a: 'b' } })).code).toBe(
      'NAMESPACE_TERMINATING',
    );
    expect((await refusal({ do: 'createNamespace', name: 'orders' })).code).toBe('NAMESPACE_TERMINATING');
    expect(await ask({ do: 'getNamespace', name: 'orders' })).toMatchObject({ phase: 'Terminating' });
  });
});

describe('what is refused before anything is sent', () => {
  it.each<{ code: string; wish: Wish }>([
    { code: 'NAMESPACE_RESERVED', wish: { do: 'createNamespace', name: 'kube-own' } },
    { code: 'NAMESPACE_NAME_INVALID', wish: { do: 'createNamespace', name: 'Orders' } },
    { code: 'NAMESPACE_NAME_INVALID', wish: { do: 'patchNamespace', name: '../nodes' } },
    {
      code: 'NAMESPACE_LABEL_INVALID',
      wish: { do: 'patchNamespace', name: 'a', labels: { team: 'x'.repeat(64) } },
    },
    { code: 'NAMESPACE_LABEL_INVALID', wish: { do: 'patchNamespace', name: 'a', labels: { 'a b': 'c' } } },
    {
      code: 'NAMESPACE_LABEL_INVALID',
      wish: { do: 'patchNamespace', name: 'a', labels: { 'kubernetes.io/metadata.name': 'b' } },
    },
    {
      code: 'NAMESPACE_TOO_LARGE',
      wish: { do: 'patchNamespace', name: 'a', annotations: { note: 'x'.repeat(300_000) } },
    },
  ])('$code: $wish', async ({ code, wish }) => {
    const { refusal, requests } = await aNamespaceWorld();
    const before = requests.length;
    expect((await refusal(wish)).code).toBe(code);
    expect(requests.slice(before)).toEqual([]);
  });
});

describe('a change in a cluster', () => {
  it('is preceded by an audit entry and followed by one with its result', async () => {
    const { ask, asKubectl, audits, refusal } = await aNamespaceWorld();
    await ask({ do: 'createNamespace', name: 'orders', labels: { team: 'shop' } });
    const entry = {
      actor: by.actor,
      requestId: 'req-1',
      target: { kind: 'cluster', id: 'clu_1', name: 'store-1' },
    };
    expect(await audits('namespace.create')).toMatchObject([
      { ...entry, result: 'done', after: { namespace: 'orders', labels: { team: 'shop' }, stage: 'begins' } },
      { ...entry, result: 'done', after: { stage: 'ended' } },
    ]);
    await asKubectl('orders', { cost: '17' });
    await refusal({ do: 'patchNamespace', name: 'orders', labels: { cost: '18' } });
    expect(await audits('namespace.patch')).toMatchObject([
      { result: 'done', after: { stage: 'begins' } },
      { result: 'failed', after: { stage: 'ended', code: 'NAMESPACE_FIELD_OWNED' } },
    ]);
  });

  it('needs leave, and what is missing is told with the manifest that grants it', async () => {
    const world = await aNamespaceWorld();
    const { cluster, refusal, send } = world;
    await send('POST', '/api/v1/namespaces/default/serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'drover' },
    });
    const { json } = await send('POST', '/api/v1/namespaces/default/serviceaccounts/drover/token', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list'] }],
    });
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'drover' }],
    });
    await cluster.settled();
    world.asUser(json.status.token);
    const refused = await refusal({ do: 'createNamespace', name: 'orders' });
    expect(refused.code).toBe('PERMISSION_MISSING');
    expect(refused.values).toMatchObject({
      user: 'system:serviceaccount:default:drover',
      permissions: 'create namespaces, patch namespaces',
    });
    expect(refused.members.manifest).toContain('verbs:\n      - create\n      - patch');
    expect(refused.members.manifest).not.toContain('- get');
    expect((await send('GET', '/api/v1/namespaces/orders')).status).toBe(404);
  });

  it('is not made in a cluster that is held, nor in another one that answers in its place', async () => {
    const { change, refusal } = await aNamespaceWorld();
    const wish: Wish = { do: 'createNamespace', name: 'orders' };
    await change(() => ({ uid: 'uid-of-another' }));
    expect((await refusal(wish)).code).toBe('NAMESPACE_CLUSTER_HELD');
    const state: ClusterData['state'] = { is: 'held', since: 0, uid: 'x' };
    await change(() => ({ uid: null, state }));
    expect((await refusal(wish)).code).toBe('NAMESPACE_CLUSTER_HELD');
  });
});
