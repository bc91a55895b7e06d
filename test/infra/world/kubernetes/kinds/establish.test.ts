import { expect, test } from 'vitest';
import { condemn, terminate } from '../../../../../infra/world/kubernetes/kinds/establish.ts';
import { Kinds } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { tableOf } from '../../../../../infra/world/kubernetes/table/index.ts';
import { aDefinition, aVersion } from './definitions.ts';

const at = '2026-03-01T10:00:00Z';
const later = '2026-03-01T11:00:00Z';

const accepted = {
  lastTransitionTime: at,
  message: 'no conflicts found',
  reason: 'NoConflicts',
  status: 'True',
  type: 'NamesAccepted',
};
const established = {
  lastTransitionTime: at,
  message: 'the initial names have been accepted',
  reason: 'InitialNamesAccepted',
  status: 'True',
  type: 'Established',
};

test('a definition whose names are free is established and remembers what it stored', () => {
  const definition = aDefinition();
  expect(new Kinds().establish(definition, at).status).toEqual({
    acceptedNames: definition.spec.names,
    conditions: [accepted, established],
    storedVersions: ['v1'],
  });
});

test('a status that holds only what was stored is filled', () => {
  const definition = { ...aDefinition(), status: {} };
  expect(new Kinds().establish(definition, at)).toEqual(new Kinds().establish(aDefinition(), at));
});

test('a write that changes nothing leaves the status as it is', () => {
  const kinds = new Kinds();
  const once = kinds.establish(aDefinition(), at);
  kinds.declare(once);
  expect(kinds.establish(once, later)).toEqual(once);
});

test('a new storage version is added to those that were stored', () => {
  const kinds = new Kinds();
  const before = kinds.establish(aDefinition({ versions: [aVersion({ name: 'v1' })] }), at);
  const versions = [aVersion({ name: 'v1', storage: false }), aVersion({ name: 'v2' })];
  const after = kinds.establish({ ...aDefinition({ versions }), status: before.status }, later);
  expect(after.status).toMatchObject({ storedVersions: ['v1', 'v2'] });
});

test('names of another definition of the group are not accepted, and the definition is not served', () => {
  const kinds = new Kinds();
  kinds.declare(kinds.establish(aDefinition(), at));
  const names = { plural: 'tabs', singular: 'tab', kind: 'CronTab', listKind: 'TabList', shortNames: ['ct'] };
  const second = kinds.establish(aDefinition({ names }), at);
  expect(second.status).toMatchObject({
    acceptedNames: { plural: 'tabs', singular: 'tab', listKind: 'TabList', kind: '' },
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: 'KindConflict',
        message: '"CronTab" is already in use',
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ],
  });
  kinds.declare(second);
  expect(kinds.resource('stable.example.com', 'v1', 'tabs')).toBeUndefined();
});

test.each([
  ['https://github.com/kubernetes-sigs/gateway-api/pull/3328', 'True', 'ApprovedAnnotation'],
  ['unapproved, for tests', 'False', 'UnapprovedAnnotation'],
  ['maybe', 'False', 'InvalidAnnotation'],
  [undefined, 'False', 'MissingAnnotation'],
])('a group of the community with the approval %s is %s: %s', (approval, status, reason) => {
  const annotations = approval ? { 'api-approved.kubernetes.io': approval } : {};
  const definition = aDefinition({ group: 'gateway.networking.k8s.io', annotations });
  expect(new Kinds().establish(definition, at).status).toMatchObject({
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'KubernetesAPIApprovalPolicyConformant', status, reason }),
    ]),
  });
});

test('a definition that goes is served without creation, and its status says that it goes', () => {
  const kinds = new Kinds();
  const going = terminate(condemn(kinds.establish(aDefinition(), at), at), later);
  expect(going.status).toMatchObject({
    conditions: [
      accepted,
      established,
      {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        lastTransitionTime: at,
      },
    ],
  });
  expect(going.metadata).toMatchObject({
    deletionTimestamp: at,
    finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
  });
  kinds.declare(going);
  expect(kinds.resource('stable.example.com', 'v1', 'crontabs')!.verbs).toEqual(
    expect.not.arrayContaining(['create', 'update', 'patch']),
  );
});

test('a definition’s row tells its served versions and whether it is established', () => {
  const kinds = new Kinds();
  const versions = [
    aVersion(),
    aVersion({ name: 'v1beta1', storage: false }),
    aVersion({ name: 'v1alpha1', storage: false, served: false }),
  ];
  const definition = kinds.establish(aDefinition({ versions }), at);
  const resource = kinds.ofKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')!;
  const wish = { now: Date.parse(later), includeObject: 'None', version: 'v1', metadata: {} } as const;
  const written = { ...definition, metadata: { ...definition.metadata, creationTimestamp: at } };
  expect(tableOf(resource, [written], wish).rows[0]!.cells).toEqual([
    'crontabs.stable.example.com',
    'Namespaced',
    'v1(storage),v1beta1',
    at,
    'stable.example.com',
    'CronTab',
    'ct',
    true,
  ]);
});

test('what it is given stays as it was', () => {
  const definition: KubeObject = aDefinition();
  const before = structuredClone(definition);
  new Kinds().establish(definition, at);
  expect(definition).toEqual(before);
});
