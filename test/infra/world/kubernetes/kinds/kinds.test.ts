import { describe, expect, test } from 'vitest';
import { Kinds } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import { aDefinition, aVersion } from './definitions.ts';

const at = '2026-03-01T10:00:00Z';

function withDefinitions(...definitions: ReturnType<typeof aDefinition>[]): Kinds {
  const kinds = new Kinds();
  for (const definition of definitions) kinds.declare(kinds.establish(definition, at));
  return kinds;
}

describe('what is built in', () => {
  const kinds = new Kinds();

  test.each([
    ['', 'v1', 'pods', 'Pod', true],
    ['', 'v1', 'namespaces', 'Namespace', false],
    ['apps', 'v1', 'deployments', 'Deployment', true],
    ['rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false],
  ])('%s/%s has %s', (group, version, name, kind, isNamespaced) => {
    const resource = kinds.resource(group, version, name)!;
    expect(resource).toMatchObject({ group, version, name, kind, isNamespaced, isCustom: false });
    expect(kinds.ofKind(group, version, kind)).toBe(resource);
    expect(resource.schema!.properties!.metadata!.goType).toBe('v1.ObjectMeta');
  });

  test('the preferred version stands for all', () => {
    expect(kinds.stored('autoscaling', 'horizontalpodautoscalers')!.version).toBe('v2');
    expect(kinds.stored('', 'pods')).toBe(kinds.resource('', 'v1', 'pods'));
    expect(kinds.stored('apps', 'pods')).toBeUndefined();
  });

  test('what is not there is not found', () => {
    expect(kinds.resource('', 'v1', 'pod')).toBeUndefined();
    expect(kinds.resource('apps', 'v2', 'deployments')).toBeUndefined();
    expect(kinds.ofKind('batch', 'v1', 'Pod')).toBeUndefined();
  });

  test('subresources say what is sent to them', () => {
    const { subresources } = kinds.resource('', 'v1', 'serviceaccounts')!;
    const token = subresources.find(({ name }) => name === 'token')!;
    expect(token).toMatchObject({ group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' });
    expect(token.schema!.properties!.spec!.properties!.expirationSeconds).toMatchObject({ format: 'int64' });
  });

  test('schemas hold what patches and validation need', () => {
    const pod = kinds.resource('', 'v1', 'pods')!.schema!;
    const { containers, nodeSelector } = pod.properties!.spec!.properties!;
    expect(containers).toMatchObject({ patchStrategy: 'merge', patchMergeKey: 'name' });
    expect(containers).toMatchObject({ listType: 'map', listKeys: ['name'] });
    expect(nodeSelector).toMatchObject({ mapType: 'atomic', values: { type: 'string' } });
    const { resources, ports } = containers!.items!.properties!;
    expect(resources!.properties!.limits!.values).toMatchObject({ format: 'quantity' });
    expect(ports!.items!.properties!.protocol).toMatchObject({ type: 'string', default: 'TCP' });
    const times = kinds.resource('coordination.k8s.io', 'v1', 'leases')!.schema!.properties!.spec!
      .properties!;
    expect(times.renewTime).toMatchObject({ format: 'micro-time' });
    const service = kinds.resource('', 'v1', 'services')!.schema!.properties!.spec!.properties!;
    expect(service.ports!.items!.properties!.targetPort).toMatchObject({ format: 'int-or-string' });
  });

  test('a schema that refers to itself is the same object again', () => {
    const definition = kinds.ofKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')!.schema!;
    const version = definition.properties!.spec!.properties!.versions!.items!;
    const schema = version.properties!.schema!.properties!.openAPIV3Schema!;
    expect(schema.properties!.not!.properties!.not).toBe(schema.properties!.not);
    expect(schema.properties!.properties!.values!.properties!.not).toBe(schema.properties!.not);
  });

  test('groups stand in the order of the real server and name each version once', () => {
    const groups = kinds.groups();
    expect(groups.map(({ name }) => name)).toEqual([...new Set(groups.map(({ name }) => name))]);
    expect(groups.find(({ name }) => name === 'autoscaling')).toEqual({
      name: 'autoscaling',
      versions: ['v2', 'v1'],
    });
    for (const { name, versions } of groups)
      for (const version of versions) expect(kinds.in(name, version).length).toBeGreaterThan(0);
  });

  test('every resource that can be listed has columns and a schema', () => {
    for (const { name, verbs, columns, schema } of kinds.all()) {
      expect(schema, name).toBeDefined();
      if (verbs.includes('list')) expect(columns.length, name).toBeGreaterThan(0);
    }
  });

  test('a pod can be selected by its node and phase, a job by nothing of its own', () => {
    expect(kinds.resource('', 'v1', 'pods')!.selectable).toEqual(
      expect.arrayContaining(['spec.nodeName', 'status.phase']),
    );
    expect(kinds.resource('batch', 'v1', 'jobs')!.selectable).toEqual([]);
  });
});

describe('custom resources', () => {
  test('are served in each served version with what the definition says', () => {
    const kinds = withDefinitions(
      aDefinition({
        versions: [
          aVersion({ name: 'v1alpha1', storage: false, served: false }),
          aVersion({
            name: 'v1',
            subresources: { status: {}, scale: { specReplicasPath: '.a', statusReplicasPath: '.b' } },
          }),
          aVersion({ name: 'v1beta1', storage: false, selectableFields: [{ jsonPath: '.spec.replicas' }] }),
        ],
      }),
    );
    const [v1, v1beta1] = ['v1', 'v1beta1'].map(
      (version) => kinds.resource('stable.example.com', version, 'crontabs')!,
    );
    expect(kinds.resource('stable.example.com', 'v1alpha1', 'crontabs')).toBeUndefined();
    expect(v1).toMatchObject({
      kind: 'CronTab',
      listKind: 'CronTabList',
      singular: 'crontab',
      isCustom: true,
    });
    expect(v1!.subresources.map(({ name, kind }) => [name, kind])).toEqual([
      ['status', 'CronTab'],
      ['scale', 'Scale'],
    ]);
    expect(v1beta1!.subresources).toEqual([]);
    expect(v1beta1!.selectable).toEqual(['spec.replicas']);
    expect(v1beta1!.storageVersionHash).toBe(v1!.storageVersionHash);
    expect(kinds.groups().at(-1)).toEqual({ name: 'stable.example.com', versions: ['v1', 'v1beta1'] });
    expect(kinds.ofKind('stable.example.com', 'v1', 'CronTab')).toBe(v1);
  });

  test('have the frame of every object and the fields of their schema', () => {
    const kinds = withDefinitions(aDefinition());
    const schema = kinds.resource('stable.example.com', 'v1', 'crontabs')!.schema!;
    expect(schema.properties!.metadata).toBe(
      kinds.resource('', 'v1', 'namespaces')!.schema!.properties!.metadata,
    );
    expect(schema.properties!.spec!.properties).toEqual({
      replicas: { type: 'integer', minimum: 1 },
      port: { format: 'int-or-string' },
      any: { type: 'object', isOpen: true },
      labels: { type: 'object', values: { type: 'string' } },
    });
  });

  test('have the columns of their definition after their name, or else their age', () => {
    const own = { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' };
    const kinds = withDefinitions(
      aDefinition({
        versions: [aVersion(), aVersion({ name: 'v2', storage: false, additionalPrinterColumns: [own] })],
      }),
    );
    const columns = (version: string) =>
      kinds
        .resource('stable.example.com', version, 'crontabs')!
        .columns.map(({ name, jsonPath }) => [name, jsonPath]);
    expect(columns('v1')).toEqual([
      ['Name', undefined],
      ['Age', '.metadata.creationTimestamp'],
    ]);
    expect(columns('v2')).toEqual([
      ['Name', undefined],
      ['Replicas', '.spec.replicas'],
    ]);
  });

  test('warn of deprecated versions, in the words of the definition or in the server’s', () => {
    const old = { storage: false, deprecated: true };
    const kinds = withDefinitions(
      aDefinition({
        versions: [
          aVersion({ name: 'v2' }),
          aVersion({ name: 'v1', ...old }),
          aVersion({ name: 'v3', ...old }),
          aVersion({ name: 'v1beta1', ...old, deprecationWarning: 'Better not.' }),
        ],
      }),
    );
    const warning = (version: string) =>
      kinds.resource('stable.example.com', version, 'crontabs')!.deprecation;
    expect(warning('v2')).toBeUndefined();
    expect(warning('v1')).toBe(
      'stable.example.com/v1 CronTab is deprecated; use stable.example.com/v2 CronTab',
    );
    expect(warning('v3')).toBe('stable.example.com/v3 CronTab is deprecated');
    expect(warning('v1beta1')).toBe('Better not.');
    expect(kinds.resource('', 'v1', 'endpoints')!.deprecation).toContain('use discovery.k8s.io/v1');
  });

  test('go with their definition, and only from the cluster that had it', () => {
    const [kinds, other] = [withDefinitions(aDefinition()), withDefinitions(aDefinition())];
    kinds.withdraw('crontabs.stable.example.com');
    expect(kinds.resource('stable.example.com', 'v1', 'crontabs')).toBeUndefined();
    expect(kinds.groups()).toEqual(new Kinds().groups());
    expect(other.resource('stable.example.com', 'v1', 'crontabs')).toBeDefined();
  });
});
