import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { tableOf } from '../../../../../infra/world/kubernetes/table/index.ts';
import { aCustomResource, aResource } from '../validation/aResource.ts';

const wish = { now: Date.parse('2026-01-01T01:00:00Z'), version: 'v1', metadata: { resourceVersion: '7' } };
const metadata = { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', labels: { b: 'c' } };

function row(resource: Resource, object: object): Record<string, unknown> {
  const { columnDefinitions, rows } = tableOf(resource, [{ apiVersion: '', kind: '', metadata, ...object }], {
    ...wish,
    includeObject: 'None',
  });
  return Object.fromEntries(columnDefinitions.map(({ name }, index) => [name, rows[0]!.cells[index]]));
}

// Each row is as Kubernetes 1.37.1 printed it.
describe('a row', () => {
  test.each<[string, object, object]>([
    ['v1/configmaps', { data: { a: '' }, binaryData: { b: '', c: '' } }, { Name: 'a', Data: 3, Age: '60m' }],
    ['v1/secrets', { type: 'Opaque' }, { Name: 'a', Type: 'Opaque', Data: 0, Age: '60m' }],
    ['v1/namespaces', { status: { phase: 'Active' } }, { Name: 'a', Status: 'Active', Age: '60m' }],
    ['rbac.authorization.k8s.io/v1/clusterroles', {}, { Name: 'a', 'Created At': '2026-01-01T00:00:00Z' }],
    [
      'rbac.authorization.k8s.io/v1/rolebindings',
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'User', name: 'v' },
          { kind: 'ServiceAccount', namespace: 'n', name: 's' },
        ],
      },
      { Role: 'Role/r', Users: 'u, v', Groups: '', ServiceAccounts: 'n/s' },
    ],
    [
      'v1/services',
      {
        spec: {
          type: 'NodePort',
          clusterIPs: ['10.96.0.9'],
          ports: [{ port: 80, nodePort: 30_080, protocol: 'TCP' }],
          selector: { b: 'c', a: 'b' },
        },
      },
      { 'Cluster-IP': '10.96.0.9', 'External-IP': '<none>', 'Port(s)': '80:30080/TCP', Selector: 'a=b,b=c' },
    ],
    [
      'apps/v1/deployments',
      {
        spec: {
          replicas: 3,
          selector: {
            matchLabels: { b: 'c' },
            matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'x'] }],
          },
          template: {
            spec: {
              containers: [
                { name: 'm', image: 'i' },
                { name: 'n', image: 'j' },
              ],
            },
          },
        },
        status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
      },
      {
        Ready: '2/3',
        'Up-to-date': 3,
        Available: 2,
        Containers: 'm,n',
        Images: 'i,j',
        Selector: 'a in (x,y),b=c',
      },
    ],
    [
      'batch/v1/jobs',
      { spec: { completions: 4, selector: {} }, status: { succeeded: 1, startTime: '2026-01-01T00:58:00Z' } },
      { Status: 'Running', Completions: '1/4', Duration: '2m', Selector: '<none>' },
    ],
    [
      'batch/v1/jobs',
      {
        spec: { parallelism: 3 },
        status: {
          succeeded: 1,
          startTime: '2026-01-01T00:00:00Z',
          completionTime: '2026-01-01T00:00:09Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      { Status: 'Complete', Completions: '1/1 of 3', Duration: '9s' },
    ],
    [
      'v1/events',
      {
        involvedObject: { kind: 'Pod', name: 'p' },
        source: { component: 'kubelet', host: 'n' },
        message: ' hello\n',
        lastTimestamp: '2026-01-01T00:59:00Z',
        firstTimestamp: '2026-01-01T00:00:00Z',
      },
      {
        'Last Seen': '60s',
        Object: 'pod/p',
        Source: 'kubelet, n',
        Message: 'hello',
        'First Seen': '60m',
        Count: 1,
      },
    ],
    ['coordination.k8s.io/v1/leases', { spec: { holderIdentity: 'me' } }, { Holder: 'me' }],
    [
      'discovery.k8s.io/v1/endpointslices',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: [{ addresses: ['1', '2'] }, { addresses: ['3', '4'] }],
      },
      { AddressType: 'IPv4', Ports: '80', Endpoints: '1,2,3 + 1 more...' },
    ],
    ['scheduling.k8s.io/v1/priorityclasses', { value: 5 }, { Value: 5, 'Global-Default': false }],
  ])('of %s', (path, object, expected) => {
    expect(row(aResource(path), object)).toMatchObject(expected);
  });

  test('of a node tells its roles, and that it is not to be used', () => {
    const node = (labels: object, spec: object, ready?: string) =>
      row(aResource('v1/nodes'), {
        metadata: { ...metadata, labels },
        spec,
        status: {
          addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
          nodeInfo: { kubeletVersion: 'v1.37.1', kernelVersion: '6.12', architecture: 'amd64' },
          ...(ready ? { conditions: [{ type: 'Ready', status: ready }] } : {}),
        },
      });
    const boss = { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' };
    expect(node(boss, { unschedulable: true }, 'True')).toMatchObject({
      Status: 'Ready,SchedulingDisabled',
      Roles: 'control-plane,worker',
      Version: 'v1.37.1',
      'Internal-IP': '10.0.0.1',
      'External-IP': '<none>',
      'OS-Image': '<unknown>',
      'Kernel-Version': '6.12 (amd64)',
    });
    expect(node({}, {}, 'Unknown')).toMatchObject({ Status: 'NotReady', Roles: '<none>' });
    expect(node({}, {})).toMatchObject({ Status: 'Unknown' });
  });

  test('of a custom resource has the cells its definition names', () => {
    const column = (name: string, type: string, jsonPath: string) => ({ name, type, jsonPath });
    const lamps = aCustomResource({ type: 'object' }, [
      column('Size', 'integer', '.spec.size'),
      column('Map', 'string', '.spec.map'),
      column('Since', 'date', '.spec.since'),
      column('On', 'boolean', '.spec.on'),
      column('Missing', 'string', '.spec.missing'),
      column('Wrong', 'integer', '.spec.map'),
    ]);
    const spec = { size: 3.7, map: { a: 1 }, since: '2026-01-01T00:59:30Z', on: true };
    expect(row(lamps, { spec })).toEqual({
      Name: 'a',
      Size: 3,
      Map: '{"a":1}',
      Since: '30s',
      On: true,
      Missing: null,
      Wrong: null,
    });
  });
});

describe('a table', () => {
  const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } };

  test.each([
    ['None', null],
    ['Metadata', { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata }],
    ['Object', object],
  ] as const)('includes of each object what is wished: %s', (includeObject, included) => {
    const table = tableOf(aResource('v1/configmaps'), [object], { ...wish, includeObject });
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
    });
    expect(table.rows).toEqual([{ cells: ['a', 1, '60m'], object: included }]);
  });

  test('reads objects one after the other', () => {
    let made = 0;
    function* many() {
      for (; made < 3; made++) yield object;
    }
    expect(tableOf(aResource('v1/configmaps'), many(), { ...wish, includeObject: 'None' }).rows).toHaveLength(
      3,
    );
  });
});
