import { describe, expect, test } from 'vitest';
import {
  applyObject,
  createObject,
  deleteObject,
  discovery,
  getObject,
  health,
  may,
  objectsPage,
  patchObject,
  pathOf,
  requestToken,
  tableRows,
  version,
  whoAmI,
} from '#kubernetes';
import { administratorToken, aWorldCluster, connected, strangerToken } from './aWorldCluster.ts';

const namespaces = pathOf({ version: 'v1', resource: 'namespaces' });
const aNamespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

describe('who gets through to the cluster as nobody', () => {
  // A load balancer that ends TLS: /version is answered to anybody and proves nothing.
  test('is told that the credential was lost', async () => {
    const { access } = await aWorldCluster({ kind: 'credentialsLost' });
    const connection = await connected(access);
    expect(await version(connection)).toMatchObject({ major: 1 });
    await expect(whoAmI(connection)).rejects.toMatchObject({ code: 'CREDENTIALS_NOT_PRESENTED' });
    await expect(tableRows(connection, '/api/v1/nodes')).rejects.toMatchObject({
      code: 'CREDENTIALS_NOT_PRESENTED',
    });
  });

  test('is told that the credential is refused where it is a wrong one', async () => {
    const { access } = await aWorldCluster();
    const connection = await connected({ ...access, bearer: () => 'wrong' });
    await expect(whoAmI(connection)).rejects.toMatchObject({ code: 'AUTH_REJECTED' });
  });
});

describe('typed calls', () => {
  test('say who we are and what we may do', async () => {
    const { access } = await aWorldCluster();
    const admin = await connected(access);
    expect(await whoAmI(admin)).toMatchObject({
      username: 'admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(await may(admin, { verb: 'list', resource: 'pods' })).toMatchObject({ allowed: true });

    const stranger = await connected({ ...access, bearer: () => strangerToken });
    expect(await whoAmI(stranger)).toMatchObject({ username: 'stranger' });
    expect(await may(stranger, { verb: 'list', resource: 'pods' })).toMatchObject({ allowed: false });
    expect(await may(stranger, { verb: 'get', path: '/version' })).toMatchObject({ allowed: true });
    await expect(tableRows(stranger, '/api/v1/nodes')).rejects.toMatchObject({
      code: 'PERMISSION_MISSING',
      values: { user: 'stranger', permissions: 'list nodes' },
    });
  });

  test('version, health and discovery', async () => {
    const { access } = await aWorldCluster();
    const connection = await connected(access);
    expect(await version(connection)).toMatchObject({ major: 1, minor: expect.any(Number) });
    const ready = await health(connection);
    expect(ready).toMatchObject({ healthy: true, failing: [] });
    expect(ready!.checks.length).toBeGreaterThan(3);
    const served = await discovery(connection);
    expect(served.find(({ group, version }) => group === 'apps' && version === 'v1')?.resources).toContain(
      'deployments',
    );
    expect(served.find(({ group }) => group === '')?.resources).toContain('pods');
  });

  test.each(['/readyz', '/livez'] as const)('%s names the checks that fail', async (path) => {
    const { access } = await aWorldCluster({
      kind: 'unready',
      checks: ['etcd', 'informer-sync'],
      isDead: true,
    });
    expect(await health(await connected(access), path)).toMatchObject({
      healthy: false,
      failing: ['etcd', 'informer-sync'],
    });
  });

  test('health that we may not ask for is not known', async () => {
    const { access } = await aWorldCluster({ kind: 'status', code: 403, on: { path: '/readyz' } });
    expect(await health(await connected(access))).toBeUndefined();
  });

  test('discovery tells which API nobody answers for', async () => {
    const stale = { group: 'metrics.k8s.io', version: 'v1beta1' };
    const { access } = await aWorldCluster({ kind: 'apiUnavailable', ...stale });
    const served = await discovery(await connected(access));
    expect(served.filter((each) => each.stale)).toEqual([{ ...stale, stale: true, resources: [] }]);
  });

  test('apply takes from another manager only what it is asked to take', async () => {
    const { access } = await aWorldCluster();
    const connection = await connected(access);
    const path = pathOf({ version: 'v1', resource: 'namespaces', name: 'shop' });
    await createObject(connection, namespaces, aNamespace('shop'));
    const labelled = (team: string) => ({
      ...aNamespace('shop'),
      metadata: { name: 'shop', labels: { team } },
    });
    await connection.send({
      method: 'PATCH',
      path,
      query: { fieldManager: 'someone' },
      contentType: 'application/apply-patch+yaml',
      body: labelled('theirs'),
    });
    await expect(applyObject(connection, path, labelled('ours'))).rejects.toMatchObject({
      code: 'OBJECT_CONFLICT',
    });
    expect(
      await applyObject(connection, path, labelled('ours'), { force: true, dryRun: true }),
    ).toMatchObject({
      metadata: { labels: { team: 'ours' } },
    });
    expect(await getObject(connection, path)).toMatchObject({ metadata: { labels: { team: 'theirs' } } });
    await applyObject(connection, path, labelled('ours'), { force: true });
    expect(await getObject(connection, path)).toMatchObject({ metadata: { labels: { team: 'ours' } } });
    await expect(deleteObject(connection, path, { uid: 'of-another' })).rejects.toMatchObject({
      code: 'OBJECT_CONFLICT',
    });
  });

  test('write and read objects', async () => {
    const { access } = await aWorldCluster();
    const connection = await connected(access);
    const path = pathOf({ version: 'v1', resource: 'namespaces', name: 'shop' });
    await createObject(connection, namespaces, aNamespace('shop'));
    await expect(createObject(connection, namespaces, aNamespace('shop'))).rejects.toMatchObject({
      code: 'OBJECT_EXISTS',
    });
    await applyObject(connection, path, {
      ...aNamespace('shop'),
      metadata: { name: 'shop', labels: { team: 'a' } },
    });
    await patchObject(connection, path, { metadata: { annotations: { note: 'x' } } });
    expect(await getObject(connection, path)).toMatchObject({
      metadata: { labels: { team: 'a' }, annotations: { note: 'x' } },
    });
    const page = await objectsPage(connection, namespaces, { limit: 2, metadataOnly: true });
    expect(page.items).toHaveLength(2);
    expect(page.continue).toBeTypeOf('string');
    await deleteObject(connection, path);
  });

  test('a token of a service account', async () => {
    const { access } = await aWorldCluster();
    const connection = await connected(access);
    await createObject(
      connection,
      pathOf({ version: 'v1', resource: 'serviceaccounts', namespace: 'default' }),
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'drover' },
      },
    );
    const given = await requestToken(connection, { namespace: 'default', name: 'drover', seconds: 3_600 });
    expect(given.token.split('.')).toHaveLength(3);
    const renewed = await connected({ ...access, bearer: () => given.token });
    expect(await whoAmI(renewed)).toMatchObject({ username: 'system:serviceaccount:default:drover' });
    expect(given.token).not.toBe(administratorToken);
  });
});

test.each<[Parameters<typeof pathOf>[0], string]>([
  [{ version: 'v1', resource: 'pods' }, '/api/v1/pods'],
  [
    { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'a' },
    '/apis/apps/v1/namespaces/a/deployments',
  ],
  [
    { version: 'v1', resource: 'pods', namespace: 'a', name: 'b', subresource: 'log' },
    '/api/v1/namespaces/a/pods/b/log',
  ],
  [{ version: 'v1', resource: 'pods', name: '../../x?y#z%2f' }, '/api/v1/pods/..%2F..%2Fx%3Fy%23z%252f'],
])('the path of %j', (resource, path) => {
  expect(pathOf(resource)).toBe(path);
});

test.each(['', '.', '..'])('a name %j has no path', (name) => {
  expect(() => pathOf({ version: 'v1', resource: 'pods', name })).toThrow('Not a segment');
});
