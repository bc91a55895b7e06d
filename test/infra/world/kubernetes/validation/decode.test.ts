import { describe, expect, test } from 'vitest';
import type { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import {
  decode,
  decodePatched,
  type FieldValidation,
} from '../../../../../infra/world/kubernetes/validation/index.ts';
import { aCustomResource, aResource } from './aResource.ts';

const maps = aResource('v1/configmaps');
const pods = aResource('v1/pods');
const read = (resource: typeof maps, body: unknown, fieldValidation: FieldValidation = 'Strict') =>
  decode(resource, typeof body === 'string' ? body : JSON.stringify(body), { fieldValidation });

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    const { status } = error as StatusError;
    return `${status.code} ${status.message}`;
  }
  return 'nothing was refused';
};

// Each message is what Kubernetes 1.37.1 answered.
describe('a body of a built-in kind', () => {
  const cannot = 'cannot be handled as a ConfigMap: ';
  test.each<[string, unknown, string]>([
    [
      'a number for a text',
      { data: { a: 5 } },
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'a list for a map',
      { data: ['a'] },
      'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    ],
    [
      'a text for a boolean',
      { immutable: 'yes' },
      'json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool',
    ],
    [
      'a text for metadata',
      { metadata: 'x' },
      'json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta',
    ],
    [
      'a boolean for a label',
      { metadata: { labels: { a: true } } },
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'a fraction for a whole',
      '{"metadata":{"generation":1.5}}',
      'json: cannot unmarshal number 1.5 into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      'a number for a uid',
      { metadata: { ownerReferences: [{ uid: 5 }] } },
      'json: cannot unmarshal number into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID',
    ],
    [
      'no time',
      { metadata: { creationTimestamp: 'yesterday' } },
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    ['no base64', { binaryData: { a: 'A*AA' } }, 'illegal base64 data at input byte 1'],
    [
      'unknown fields',
      { metadata: { foo: 1 }, bar: {} },
      'strict decoding error: unknown field "metadata.foo", unknown field "bar"',
    ],
    [
      'fields that come twice',
      '{"data":{"a":"1","a":"2"},"data":{}}',
      'strict decoding error: duplicate field "data.a", duplicate field "data"',
    ],
    [
      'another kind',
      { apiVersion: 'v1', kind: 'Pod' },
      'converting (v1.Pod) to (core.ConfigMap): unknown conversion',
    ],
  ])('with %s is refused', (_what, body, message) => {
    const kind = (body as { kind?: string }).kind ?? 'ConfigMap';
    expect(refusal(() => read(maps, body))).toBe(`400 ${kind} in version "v1" ${cannot}${message}`);
  });

  test.each<[string, string]>([
    [
      'nope',
      `couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u') (6e6f7065)`,
    ],
    ['', "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"],
    [
      '{"kind":5}',
      `couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})`,
    ],
    [
      '{"apiVersion":"a/b/c","kind":"X"}',
      `unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)`,
    ],
  ])('%j is not recognised', (body, message) => {
    expect(refusal(() => read(maps, body))).toBe(
      `400 the object provided is unrecognized (must be of type ConfigMap): ${message}`,
    );
  });

  test('of another version is refused', () => {
    expect(refusal(() => read(maps, { apiVersion: 'v2', kind: 'ConfigMap' }))).toBe(
      '400 the API version in the data (v2) does not match the expected API version (v1)',
    );
  });

  test('loses unknown fields with a warning or without, as asked', () => {
    const body = { metadata: { name: 'a', foo: 1 }, data: { a: 'b' }, bar: 1 };
    const expected = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } };
    const warnings = ['unknown field "metadata.foo"', 'unknown field "bar"'];
    expect(read(maps, body, 'Warn')).toEqual({ object: expected, warnings });
    expect(read(maps, body, 'Ignore')).toEqual({ object: expected, warnings: [] });
  });

  test('names the deep place of an unknown field', () => {
    const body = { spec: { containers: [{ name: 'a', env: [{ nam: 'x' }] }] } };
    expect(read(pods, body, 'Warn').warnings).toEqual(['unknown field "spec.containers[0].env[0].nam"']);
  });

  test('reads quantities, times and ports in their canonical form', () => {
    const { object } = read(pods, {
      metadata: { creationTimestamp: '2026-01-01T02:00:00.5+02:00' },
      spec: {
        containers: [
          {
            resources: { limits: { cpu: 0.5, memory: '1024Mi' } },
            livenessProbe: { httpGet: { port: 'http' } },
          },
        ],
      },
    });
    expect(object).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        containers: [
          {
            resources: { limits: { cpu: '500m', memory: '1Gi' } },
            livenessProbe: { httpGet: { port: 'http' } },
          },
        ],
      },
    });
  });
});

describe('a body of a custom kind', () => {
  const lamps = aCustomResource({
    type: 'object',
    properties: {
      size: { type: 'integer' },
      any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  });
  const lamp = (more: object) => ({
    apiVersion: 'example.com/v1',
    kind: 'Lamp',
    metadata: { name: 'a' },
    ...more,
  });

  test('is pruned by its schema, and keeps what may be anything', () => {
    const { object, warnings } = read(lamps, lamp({ spec: { odd: 1, any: { odd: 1 } }, other: 1 }), 'Warn');
    expect(object).toEqual(lamp({ spec: { any: { odd: 1 } } }));
    expect(warnings).toEqual(['unknown field "other"', 'unknown field "spec.odd"']);
  });

  test('may hold wrong types until it is checked', () => {
    expect(read(lamps, lamp({ spec: { size: 'big' } })).object).toEqual(lamp({ spec: { size: 'big' } }));
  });

  test('must name its kind', () => {
    expect(refusal(() => read(lamps, { spec: {} }))).toContain("Object 'Kind' is missing in '{\"spec\":{}}'");
    expect(refusal(() => read(lamps, lamp({ kind: 'Candle' })))).toBe(
      '422 Candle.example.com "a" is invalid: kind: Invalid value: "Candle": must be Lamp',
    );
  });

  test('has typed metadata', () => {
    expect(refusal(() => read(lamps, lamp({ metadata: { labels: { a: 5 } } })))).toBe(
      '400 Lamp in version "v1" cannot be handled as a Lamp: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    );
  });
});

describe('what a patch made', () => {
  test('is refused with the patch quoted, in the words of its kind', () => {
    const given = { fieldValidation: 'Warn', shown: 'PATCH' } as const;
    expect(refusal(() => decodePatched(maps, { data: { a: 5 } }, given))).toBe(
      '422  "" is invalid: patch: Invalid value: "PATCH": json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    );
    expect(
      refusal(() => decodePatched(pods, { spec: { containers: 'none' } }, { ...given, isStrategic: true })),
    ).toBe('422  "" is invalid: patch: Invalid value: "PATCH": cannot restore slice from string');
  });
});
