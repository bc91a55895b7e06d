import { describe, expect, it } from 'vitest';
import { aConfigMap, aSimulatedCluster } from '../aSimulatedCluster.ts';

const path = '/api/v1/namespaces/default/configmaps';

async function family() {
  const world = aSimulatedCluster();
  await world.cluster.settled();
  const { json: owner } = await world.send('POST', path, aConfigMap('owner'));
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid };
  const child = aConfigMap('child');
  const add = (name: string, more: object = {}) =>
    world.send('POST', path, { ...child, metadata: { name, ownerReferences: [{ ...reference, ...more }] } });
  const there = async (name: string) => {
    await world.cluster.settled();
    return (await world.send('GET', `${path}/${name}`)).status === 200;
  };
  return { ...world, add, there, reference };
}

describe('the garbage collector of a simulated cluster', () => {
  it('removes what was owned after its owner', async () => {
    const { send, add, there, faults } = await family();
    await add('child');
    await send('DELETE', `${path}/owner`);
    expect(await there('child')).toBe(false);
    expect(faults).toEqual([]);
  });

  it('removes what names an owner that is not there', async () => {
    const { add, there } = await family();
    await add('child', { uid: 'another' });
    expect(await there('child')).toBe(false);
  });

  it('leaves what has an owner left, and takes the other from its list', async () => {
    const { send, there, reference, cluster } = await family();
    const { json: second } = await send('POST', path, aConfigMap('second'));
    const ownerReferences = [reference, { ...reference, name: 'second', uid: second.metadata.uid }];
    await send('POST', path, { ...aConfigMap('child'), metadata: { name: 'child', ownerReferences } });
    await send('DELETE', `${path}/owner`);
    expect(await there('child')).toBe(true);
    const child = cluster.objects.get({ group: '', name: 'configmaps' }, 'default', 'child');
    expect(child?.metadata.ownerReferences).toEqual([ownerReferences[1]]);
  });

  it('lets orphans live, without the owner', async () => {
    const { send, add, there, cluster } = await family();
    await add('child');
    await send('DELETE', `${path}/owner?propagationPolicy=Orphan`);
    expect(await there('owner')).toBe(false);
    expect(await there('child')).toBe(true);
    const child = cluster.objects.get({ group: '', name: 'configmaps' }, 'default', 'child');
    expect(child?.metadata.ownerReferences).toBeUndefined();
  });

  it('takes the finalizer that orphans for a wish that only a deletion fulfils', async () => {
    const { send, add, there, reference } = await family();
    const mid = { ...aConfigMap('mid'), metadata: { name: 'mid', finalizers: ['orphan'] } };
    const { json } = await send('POST', path, {
      ...mid,
      metadata: { ...mid.metadata, ownerReferences: [reference] },
    });
    await add('child', { name: 'mid', uid: json.metadata.uid });
    expect(await there('child')).toBe(true);
    expect((await send('GET', `${path}/mid`)).json.metadata.finalizers).toEqual(['orphan']);
    expect((await send('GET', `${path}/child`)).json.metadata.ownerReferences).toHaveLength(1);
  });

  it('in the foreground ends a ring of owners that block each other', async () => {
    const { send, add, there, reference } = await family();
    const blocking = { blockOwnerDeletion: true };
    const { json: one } = await add('one', blocking);
    const { json: two } = await add('two', { name: 'one', uid: one.metadata.uid, ...blocking });
    const ownerReferences = [{ ...reference, name: 'two', uid: two.metadata.uid, ...blocking }];
    await send(
      'PATCH',
      `${path}/owner`,
      { metadata: { ownerReferences } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await send('DELETE', `${path}/owner?propagationPolicy=Foreground`);
    expect([await there('owner'), await there('one'), await there('two')]).toEqual([false, false, false]);
  });

  it('in the foreground keeps the owner until those that block it are gone', async () => {
    const { send, add, there } = await family();
    const finalizers = ['example.com/wait'];
    await add('free');
    const { json } = await add('child', { blockOwnerDeletion: true });
    await send('PUT', `${path}/child`, { ...json, metadata: { ...json.metadata, finalizers } });
    await send('DELETE', `${path}/owner?propagationPolicy=Foreground`);
    expect(await there('free')).toBe(false);
    expect(await there('owner')).toBe(true);
    const patch = { metadata: { finalizers: null } };
    await send('PATCH', `${path}/child`, patch, { 'content-type': 'application/merge-patch+json' });
    expect(await there('child')).toBe(false);
    expect(await there('owner')).toBe(false);
  });
});

describe('a namespace that is deleted', () => {
  it('takes what is in it along, and takes nothing new', async () => {
    const { cluster, send } = aSimulatedCluster();
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'demo' } });
    const inside = '/api/v1/namespaces/demo/configmaps';
    const { json } = await send('POST', inside, {
      ...aConfigMap('a'),
      metadata: { name: 'a', finalizers: ['x.y/z'] },
    });
    await send('DELETE', '/api/v1/namespaces/demo');
    await cluster.settled();
    expect((await send('POST', inside, aConfigMap('b'))).json.details.causes[0].reason).toBe(
      'NamespaceTerminating',
    );
    const { json: left } = await send('GET', '/api/v1/namespaces/demo');
    expect(left.status.conditions.at(-1).message).toContain('x.y/z in 1 resource instances');
    await send('PUT', `${inside}/a`, { ...json, metadata: { name: 'a' } });
    await cluster.settled();
    expect((await send('GET', '/api/v1/namespaces/demo')).status).toBe(404);
  });

  it('is left alone when it is empty and held by a finalizer of its own', async () => {
    const { send, cluster } = aSimulatedCluster();
    await send('POST', '/api/v1/namespaces', {
      metadata: { name: 'held', finalizers: ['example.com/wait'] },
    });
    await cluster.settled();
    await send('DELETE', '/api/v1/namespaces/held');
    await cluster.settled();
    const { json } = await send('GET', '/api/v1/namespaces/held');
    expect(json).toMatchObject({ spec: {}, status: { phase: 'Terminating' } });
    await send(
      'PATCH',
      '/api/v1/namespaces/held',
      { metadata: { finalizers: null } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await cluster.settled();
    expect((await send('GET', '/api/v1/namespaces/held')).status).toBe(404);
  });

  it('gets its service account and root CA anew as long as it lives', async () => {
    const { cluster, send } = aSimulatedCluster();
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'demo' } });
    await cluster.settled();
    await send('DELETE', '/api/v1/namespaces/demo/serviceaccounts/default');
    await cluster.settled();
    expect((await send('GET', '/api/v1/namespaces/demo/serviceaccounts/default')).status).toBe(200);
  });
});
