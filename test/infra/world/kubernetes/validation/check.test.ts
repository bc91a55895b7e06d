import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { check, fillDefaults, invalid } from '../../../../../infra/world/kubernetes/validation/index.ts';
import { aCustomResource, aResource } from './aResource.ts';

const rbac = 'rbac.authorization.k8s.io/v1';

function causes(path: string, object: object, before?: object): string[] {
  const resource = aResource(path);
  const whole = (given: object) =>
    fillDefaults(resource, {
      metadata: { name: 'a', ...(resource.isNamespaced ? { namespace: 'n' } : {}) },
      ...given,
    } as KubeObject);
  return check(resource, whole(object), before && whole(before)).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const qualified =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

// Each sentence is what Kubernetes 1.37.1 answered.
describe('metadata', () => {
  const named = (more: object) => ({ metadata: { name: 'a', namespace: 'n', ...more } });
  test.each<[string, object, string[]]>([
    [
      'a good one',
      { labels: { 'a.b/c': 'D' }, annotations: { 'A/b': 'any thing' }, finalizers: ['a.b/c'] },
      [],
    ],
    ['a bad name', { name: 'A_' }, [`metadata.name: Invalid value: "A_": ${subdomain}`]],
    ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
    ['a bad label', { labels: { 'a b': 'c' } }, [`metadata.labels: Invalid value: "a b": ${qualified}`]],
    [
      'a long label',
      { labels: { a: 'x'.repeat(64) } },
      [`metadata.labels: Invalid value: "${'x'.repeat(64)}": must be no more than 63 bytes`],
    ],
    [
      'large annotations',
      { annotations: { a: 'x'.repeat(256 * 1024) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'a finalizer of no domain',
      { finalizers: ['mine'] },
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      'two ways to delete',
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      'an owner without anything',
      { ownerReferences: [{}] },
      ['apiVersion', 'kind', 'name', 'uid'].map(
        (name) => `metadata.ownerReferences[0].${name}: Required value: must not be empty`,
      ),
    ],
  ])('with %s', (_what, more, expected) => {
    expect(causes('v1/configmaps', named(more))).toEqual(expected);
  });

  test('has names by the rules of its kind', () => {
    expect(causes('v1/namespaces', { metadata: { name: 'a.b' } })).toEqual([
      'metadata.name: Invalid value: "a.b": must not contain dots',
    ]);
    expect(causes(`${rbac}/roles`, named({ name: 'system:any thing' }))).toEqual([]);
    expect(causes(`${rbac}/roles`, named({ name: '..' }))).toEqual([
      `metadata.name: Invalid value: "..": may not be '..'`,
    ]);
  });

  test('gets no new finalizers once it is being deleted', () => {
    const before = named({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] });
    expect(
      causes('v1/configmaps', named({ ...before.metadata, finalizers: ['a/b', 'c/d'] }), before),
    ).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"c/d"}',
    ]);
  });
});

describe('the kinds that Drover writes', () => {
  test.each<[string, string, object, object | undefined, string[]]>([
    [
      'a key of a map',
      'v1/configmaps',
      { data: { 'a b': 'c' } },
      undefined,
      [
        `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ],
    ],
    [
      'a key in both',
      'v1/configmaps',
      { data: { a: '' }, binaryData: { a: 'AAAA' } },
      undefined,
      ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    ],
    [
      'a large map',
      'v1/configmaps',
      { data: { a: 'x'.repeat(2 ** 20 + 1) } },
      undefined,
      ['[]: Too long: may not be more than 1048576 bytes'],
    ],
    [
      'an immutable map',
      'v1/configmaps',
      { data: { a: 'c' } },
      { immutable: true, data: { a: 'b' } },
      [
        'immutable: Forbidden: field is immutable when `immutable` is set',
        'data: Forbidden: field is immutable when `immutable` is set',
      ],
    ],
    [
      'the type of a secret',
      'v1/secrets',
      { type: 'x' },
      { type: 'y' },
      ['type: Invalid value: "x": field is immutable'],
    ],
    [
      'the keys of a secret',
      'v1/secrets',
      { type: 'kubernetes.io/tls' },
      undefined,
      ['data[tls.crt]: Required value', 'data[tls.key]: Required value'],
    ],
    [
      'a role without anything',
      `${rbac}/roles`,
      { rules: [{}] },
      undefined,
      [
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
        'rules[0].verbs: Required value',
      ],
    ],
    [
      'a role for paths',
      `${rbac}/roles`,
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
      undefined,
      ['rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs'],
    ],
    [
      'another role',
      `${rbac}/rolebindings`,
      { roleRef: { kind: 'Role', name: 'b' } },
      { roleRef: { kind: 'Role', name: 'a' } },
      [
        'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: field is immutable',
      ],
    ],
    [
      'a kind of role',
      `${rbac}/clusterrolebindings`,
      { roleRef: { kind: 'Role', name: 'a' } },
      undefined,
      ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
    ],
    [
      'subjects',
      `${rbac}/clusterrolebindings`,
      {
        roleRef: { kind: 'ClusterRole', name: 'a' },
        subjects: [{ kind: 'ServiceAccount', name: 'a' }, { kind: 'User' }, { kind: 'Robot', name: 'r' }],
      },
      undefined,
      [
        'subjects[0].namespace: Required value',
        'subjects[2].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
        'subjects[1].name: Required value',
      ],
    ],
  ])('%s', (_what, path, object, before, expected) => {
    expect(causes(path, object, before)).toEqual(expected);
  });
});

describe('other kinds', () => {
  const template = (spec: object = {}) => ({
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'm', image: 'i' }], ...spec },
  });
  test.each<[string, string, object, string[]]>([
    ['a pod without containers', 'v1/pods', { spec: {} }, ['spec.containers: Required value']],
    [
      'a container without image',
      'v1/pods',
      { spec: { containers: [{ name: 'm' }] } },
      ['spec.containers[0].image: Required value'],
    ],
    [
      'a policy',
      'v1/pods',
      { spec: { ...template().spec, restartPolicy: 'Never ever' } },
      [
        'spec.restartPolicy: Unsupported value: "Never ever": supported values: "Always", "OnFailure", "Never"',
      ],
    ],
    [
      'a job that never ends',
      'batch/v1/jobs',
      { spec: { template: template() } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'a deployment of others',
      'apps/v1/deployments',
      { spec: { selector: { matchLabels: { a: 'c' } }, template: template() } },
      [
        'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
      ],
    ],
    ['a service without ports', 'v1/services', { spec: {} }, ['spec.ports: Required value']],
  ])('%s', (_what, path, object, expected) => {
    expect(causes(path, object)).toEqual(expected);
  });
});

describe('a custom resource', () => {
  const lamps = aCustomResource({
    type: 'object',
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 5 },
      name: { type: 'string', minLength: 2, maxLength: 4, pattern: '^[a-z]+$' },
      state: { type: 'string', enum: ['On', 'Off'] },
      even: { type: 'number', multipleOf: 2, minimum: 0, exclusiveMinimum: true },
      bulbs: {
        type: 'array',
        minItems: 1,
        maxItems: 2,
        items: { type: 'object', properties: { name: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      any: { 'x-kubernetes-int-or-string': true },
      mood: { type: 'string', nullable: true },
    },
  });
  test.each<[object, string[]]>([
    [{ size: 3, name: 'abc', state: 'On', even: 2, bulbs: [{ name: 'a' }], any: '50%', mood: null }, []],
    [{}, ['spec.size: Required value']],
    [
      { size: 'big' },
      ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    ],
    [
      { size: 1.5 },
      ['spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"'],
    ],
    [{ size: 9 }, ['spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5']],
    [
      { size: 1, name: 'A' },
      ['spec.name: Invalid value: "A": spec.name in body should be at least 2 chars long'],
    ],
    [
      { size: 1, name: 'ABC' },
      [`spec.name: Invalid value: "ABC": spec.name in body should match '^[a-z]+$'`],
    ],
    [{ size: 1, name: 'abcdef' }, ['spec.name: Too long: may not be more than 4 bytes']],
    [{ size: 1, state: 'Dim' }, ['spec.state: Unsupported value: "Dim": supported values: "On", "Off"']],
    [{ size: 1, even: 0 }, ['spec.even: Invalid value: 0: spec.even in body should be greater than 0']],
    [{ size: 1, even: 3 }, ['spec.even: Invalid value: 3: spec.even in body should be a multiple of 2']],
    [
      { size: 1, bulbs: [] },
      ['spec.bulbs: Invalid value: 0: spec.bulbs in body should have at least 1 items'],
    ],
    [
      { size: 1, bulbs: [{ name: 'a' }, { name: 'a' }, {}] },
      ['spec.bulbs: Too many: 3: must have at most 2 items', 'spec.bulbs[1]: Duplicate value: {"name":"a"}'],
    ],
    [
      { size: 1, any: true },
      ['spec.any: Invalid value: "boolean": spec.any in body must be of type integer,string: "boolean"'],
    ],
  ])('of %j', (spec, expected) => {
    const object = {
      apiVersion: 'example.com/v1',
      kind: 'Lamp',
      metadata: { name: 'a', namespace: 'n' },
      spec,
    };
    expect(check(lamps, object).map(({ field, message }) => `${field}: ${message}`)).toEqual(expected);
  });
});

describe('the refusal of an object', () => {
  const [one, two] = ['one', 'two'].map((message) => ({ reason: 'FieldValueInvalid', field: 'a', message }));

  test('says one cause as it is, several in brackets, and none twice', () => {
    expect(invalid(aResource('batch/v1/jobs'), 'j', [one!]).message).toBe('Job.batch "j" is invalid: a: one');
    expect(invalid(aResource('v1/pods'), 'p', [one!, two!, one!]).message).toBe(
      'Pod "p" is invalid: [a: one, a: two]',
    );
  });
});
