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
