import { describe, expect, test } from 'vitest';
import { fillDefaults } from '../../../../../infra/world/kubernetes/validation/index.ts';
import { aCustomResource, aResource } from './aResource.ts';

const container = { name: 'm', image: 'r.io:5000/x@sha256:1' };
const filledContainer = {
  ...container,
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const podSpec = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};
const metadata = { name: 'a' };

// Each result is what Kubernetes 1.37.1 answered.
describe('defaults', () => {
  test.each<[string, object, object]>([
    [
      'v1/namespaces',
      { metadata },
      {
        metadata: { name: 'a', labels: { 'kubernetes.io/metadata.name': 'a' } },
        spec: {},
        status: { phase: 'Active' },
      },
    ],
    [
      'v1/configmaps',
      { metadata: { name: 'a', labels: {}, finalizers: [] }, data: { a: 'b' }, immutable: false },
      { metadata, data: { a: 'b' }, immutable: false },
    ],
    [
      'v1/secrets',
      { metadata, stringData: { a: 'b' }, data: { a: 'AAAA', c: 'AAAA' } },
      { metadata, type: 'Opaque', data: { a: 'Yg==', c: 'AAAA' } },
    ],
    ['rbac.authorization.k8s.io/v1/roles', { metadata }, { metadata, rules: null }],
    [
      'rbac.authorization.k8s.io/v1/rolebindings',
      {
        metadata,
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', name: 's' },
        ],
      },
      {
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
        subjects: [
          { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', name: 's' },
        ],
      },
    ],
    [
      'v1/pods',
      { metadata, spec: { containers: [container] } },
      {
        metadata,
        spec: { ...podSpec, containers: [filledContainer], enableServiceLinks: true },
        status: {},
      },
    ],
    [
      'batch/v1/jobs',
      { metadata, spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
      {
        metadata,
        spec: {
          backoffLimit: 6,
          completionMode: 'NonIndexed',
          completions: 1,
          manualSelector: false,
          parallelism: 1,
          podReplacementPolicy: 'TerminatingOrFailed',
          suspend: false,
          template: {
            metadata: {},
            spec: { ...podSpec, restartPolicy: 'Never', containers: [filledContainer] },
          },
        },
        status: {},
      },
    ],
    [
      'apps/v1/deployments',
      { metadata, spec: { selector: {}, template: { spec: { containers: [container] } } } },
      {
        metadata,
        spec: {
          progressDeadlineSeconds: 600,
          replicas: 1,
          revisionHistoryLimit: 10,
          selector: {},
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
          template: { metadata: {}, spec: { ...podSpec, containers: [filledContainer] } },
        },
        status: {},
      },
    ],
    [
      'v1/services',
      { metadata, spec: { ports: [{ port: 80 }] } },
      {
        metadata,
        spec: {
          internalTrafficPolicy: 'Cluster',
          ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
          sessionAffinity: 'None',
          type: 'ClusterIP',
        },
        status: { loadBalancer: {} },
      },
    ],
  ])('of %s', (path, object, expected) => {
    const given = structuredClone(object);
    expect(fillDefaults(aResource(path), given as { metadata: object })).toEqual(expected);
    expect(given).toEqual(object);
  });

  test('change nothing when they are filled in again', () => {
    const pods = aResource('v1/pods');
    const once = fillDefaults(pods, {
      metadata,
      spec: { containers: [container], volumes: [{ name: 'v' }] },
    });
    expect(fillDefaults(pods, once)).toEqual(once);
  });

  test('of a custom resource are those of its schema, wherever its parent is', () => {
    const lamps = aCustomResource({
      type: 'object',
      properties: {
        mood: { type: 'string', default: '' },
        bulbs: {
          type: 'array',
          items: { type: 'object', properties: { watts: { type: 'integer', default: 40 } } },
        },
        shade: { type: 'object', properties: { colour: { type: 'string', default: 'red' } } },
      },
    });
    expect(fillDefaults(lamps, { metadata, spec: { bulbs: [{}, { watts: 60 }] } })).toEqual({
      metadata,
      spec: { mood: '', bulbs: [{ watts: 40 }, { watts: 60 }] },
    });
    expect(fillDefaults(lamps, { metadata })).toEqual({ metadata });
  });
});
