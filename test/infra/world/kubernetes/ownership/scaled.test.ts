import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import {
  withScaledManagers,
  withScaleManagers,
} from '../../../../../infra/world/kubernetes/ownership/index.ts';

const replicas = { 'f:spec': { 'f:replicas': {} } };
const entry = (manager: string, operation: 'Apply' | 'Update', fieldsV1: object, subresource?: string) => ({
  manager,
  operation,
  apiVersion: 'apps/v1',
  time: '2026-03-01T10:00:00Z',
  fieldsType: 'FieldsV1' as const,
  fieldsV1: fieldsV1 as Record<string, never>,
  ...(subresource ? { subresource } : {}),
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    managedFields: [
      entry('one', 'Apply', { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } }),
      entry('two', 'Update', { 'f:spec': { 'f:paused': {} } }),
    ],
  },
};
const path = ['f:spec', 'f:replicas'];
const scale: KubeObject = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: {} };

test('a Scale is managed by who owns the replicas of what it scales', () => {
  expect(withScaleManagers(scale, deployment, path).metadata.managedFields).toEqual([
    { ...entry('one', 'Apply', replicas), apiVersion: 'autoscaling/v1' },
  ]);
});

test('nothing changes hands when the Scale was not changed', () => {
  const same = withScaledManagers(deployment, withScaleManagers(scale, deployment, path), path);
  expect(same).toEqual(deployment);
});

test('who changed the Scale owns the replicas, since no known time, and who had them keeps the rest', () => {
  const { time: _, ...taken } = entry('hpa', 'Update', replicas, 'scale');
  const changed = { ...scale, metadata: { managedFields: [{ ...taken, apiVersion: 'autoscaling/v1' }] } };
  expect(withScaledManagers(deployment, changed, path).metadata.managedFields).toEqual([
    entry('one', 'Apply', { 'f:spec': { 'f:paused': {} } }),
    taken,
    entry('two', 'Update', { 'f:spec': { 'f:paused': {} } }),
  ]);
});
