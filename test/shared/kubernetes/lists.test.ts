import { describe, expect, test } from 'vitest';
import { countOf, type KubeConnection, objectsPage, tableRows } from '#kubernetes';
import { aTlsServer, ok } from '../../fixtures/aTlsServer.ts';
import { ca } from '../../fixtures/clusterCertificates.ts';
import { aWorldCluster, connected, type WorldCluster } from './aWorldCluster.ts';

const path = '/api/v1/namespaces/shop/configmaps';

/** A cluster with so many config maps in the namespace shop. */
async function withConfigMaps(count: number): Promise<WorldCluster & { connection: KubeConnection }> {
  const world = await aWorldCluster();
  world.cluster.load(
    { group: '', name: 'configmaps' },
    Array.from({ length: count }, (_, i) => ({
      metadata: {
        name: `map-${String(i).padStart(4, '0')}`,
        namespace: 'shop',
        uid: `uid-${i}`,
        creationTimestamp: '2026-03-01T10:00:00Z',
        labels: { app: i % 2 === 0 ? 'even' : 'odd' },
      },
    })),
  );
  return { ...world, connection: await connected(world.access) };
}

/** Answers every list with what `page` makes of it, and keeps what was asked. */
async function answering(page: (query: URLSearchParams, nth: number) => object | string) {
  const asked: string[] = [];
  let nth = 0;
  const server = await aTlsServer((socket, request) => {
    const line = request.slice(0, request.indexOf('\r\n'));
    asked.push(line.split(' ')[1]!);
    const made = page(new URL(line.split(' ')[1]!, 'https://x').searchParams, nth++);
    socket.write(ok(typeof made === 'string' ? made : JSON.stringify(made)));
  });
  const connection = await connected({ server: `https://127.0.0.1:${server.port}`, ca: ca.certPem });
  return { asked, connection };
}

const aTable = (rows: number, metadata: object = {}) => ({
  kind: 'Table',
  metadata,
  columnDefinitions: [{ name: 'Name' }],
  rows: Array.from({ length: rows }, () => ({ cells: ['a'] })),
});

describe('how many there are', () => {
  test.each([0, 1, 500, 501])('%i', async (count) => {
    const { connection } = await withConfigMaps(count);
    expect(await countOf(connection, path)).toEqual({ count, exact: true });
    // Of a selection the server does not say how many remain.
    expect(await countOf(connection, path, { labelSelector: 'app' })).toEqual({ count, exact: true });
    expect(await countOf(connection, path, { fieldSelector: 'metadata.name!=map-0000' })).toEqual({
      count: Math.max(0, count - 1),
      exact: true,
    });
  });

  test('is asked of one row, without the objects, and never of a cache', async () => {
    const { asked, connection } = await answering(() =>
      aTable(1, { continue: 'x', remainingItemCount: 149_999 }),
    );
    expect(await countOf(connection, '/api/v1/pods')).toEqual({ count: 150_000, exact: true });
    expect(asked).toEqual(['/api/v1/pods?limit=1&includeObject=None']);
  });

  test('where none remain, none are added', async () => {
    const { connection } = await answering(() => aTable(1, { continue: 'x', remainingItemCount: 0 }));
    expect(await countOf(connection, '/api/v1/pods')).toEqual({ count: 1, exact: true });
  });

  test('where the server does not say, it is counted page by page', async () => {
    const { asked, connection } = await answering((query, nth) =>
      aTable(Number(query.get('limit')), nth < 2 ? { continue: `page-${nth + 1}` } : {}),
    );
    expect(await countOf(connection, '/api/v1/pods')).toEqual({ count: 1_001, exact: true });
    expect(asked.map((line) => new URL(line, 'https://x').searchParams.get('continue'))).toEqual([
      null,
      'page-1',
      'page-2',
    ]);
  });

  test('where there is no end, there are at least so many', async () => {
    const { asked, connection } = await answering(() => aTable(500, { continue: 'again' }));
    expect(await countOf(connection, '/api/v1/pods', { labelSelector: 'a' })).toEqual({
      count: 5_000,
      exact: false,
    });
    expect(asked).toHaveLength(10);
  });

  test('where the pages become too old, there are at least so many', async () => {
    const { connection, exposed } = await withConfigMaps(501);
    await exposed.switchOn({ kind: 'continueExpired' });
    expect(await countOf(connection, path, { labelSelector: 'app' })).toEqual({ count: 500, exact: false });
  });

  test.each([-1, 1.5, '7', null, 1e300])('a remainder of %j is none', async (remainingItemCount) => {
    const { connection } = await answering((_, nth) =>
      nth === 0 ? aTable(1, { continue: 'x', remainingItemCount }) : aTable(2),
    );
    expect(await countOf(connection, '/api/v1/pods')).toEqual({ count: 3, exact: true });
  });
});

describe('rows', () => {
  test('come page by page, their cells by the names of their columns', async () => {
    const { connection } = await withConfigMaps(5);
    const names: unknown[] = [];
    let from: string | undefined;
    let pages = 0;
    do {
      const page = await tableRows(connection, path, {
        limit: 2,
        labelSelector: 'app=even',
        ...(from && { continue: from }),
      });
      names.push(...page.rows.map((row) => page.cell(row, 'Name')));
      expect(page.cell(page.rows[0]!, 'Nothing of that name')).toBeUndefined();
      from = page.continue;
      pages++;
    } while (from);
    expect(names).toEqual(['map-0000', 'map-0002', 'map-0004']);
    expect(pages).toBe(2);
  });

  test('whose list is too old to be continued say so', async () => {
    const { connection, exposed } = await withConfigMaps(3);
    const { continue: from } = await tableRows(connection, path, { limit: 2 });
    await exposed.switchOn({ kind: 'continueExpired' });
    await expect(tableRows(connection, path, { limit: 2, continue: from! })).rejects.toMatchObject({
      code: 'LIST_EXPIRED',
    });
    await expect(objectsPage(connection, path, { limit: 2, continue: from! })).rejects.toMatchObject({
      code: 'LIST_EXPIRED',
    });
  });

  test('are found by name wherever their column stands', async () => {
    const { connection } = await answering(() => ({
      kind: 'Table',
      columnDefinitions: [{ name: 'Ready' }, { name: 'Name' }],
      rows: [{ cells: ['1/1', 'a'] }, { cells: null }, {}],
    }));
    const page = await tableRows(connection, '/api/v1/pods');
    expect(page.rows.map((row) => page.cell(row, 'Name'))).toEqual(['a', undefined, undefined]);
  });

  test.each<object | string>([
    { kind: 'PodList', items: [] },
    { kind: 'Status', status: 'Success' },
    { kind: 'Table', columnDefinitions: 'x', rows: [] },
    { kind: 'Table', columnDefinitions: [], rows: [1] },
    { kind: 'Table', columnDefinitions: [], rows: { length: 1 } },
    [],
    'null',
    '7',
  ])('that are not rows are not from Kubernetes: %j', async (body) => {
    const { connection } = await answering(() => body);
    await expect(tableRows(connection, '/api/v1/pods')).rejects.toMatchObject({ code: 'NOT_KUBERNETES' });
  });

  test('of an empty list may be null', async () => {
    const { connection } = await answering(() => ({ kind: 'Table', columnDefinitions: null, rows: null }));
    expect((await tableRows(connection, '/api/v1/pods')).rows).toEqual([]);
    const { connection: other } = await answering(() => ({ kind: 'PodList', items: null }));
    expect((await objectsPage(other, '/api/v1/pods')).items).toEqual([]);
  });
});

describe('objects', () => {
  test('come page by page, whole or as metadata', async () => {
    const { connection } = await withConfigMaps(3);
    const whole = await objectsPage(connection, path, { limit: 2 });
    expect(whole.items).toHaveLength(2);
    expect(whole.remaining).toBe(1);
    expect(whole.resourceVersion).toMatch(/^\d+$/);
    const rest = await objectsPage(connection, path, { continue: whole.continue!, metadataOnly: true });
    expect(rest.items).toMatchObject([{ metadata: { name: 'map-0002' } }]);
    expect(rest.items[0]).not.toHaveProperty('data');
    expect(rest.continue).toBeUndefined();
  });
});
