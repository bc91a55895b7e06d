import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../../infra/world/kubernetes/json.ts';
import type { Schema } from '../../../../../infra/world/kubernetes/kinds/schema.ts';
import { applyPatch, readPatch } from '../../../../../infra/world/kubernetes/patch/index.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';

const text: Schema = { type: 'string' };
const container: Schema = {
  type: 'object',
  properties: {
    name: text,
    image: text,
    command: { type: 'array', items: text },
    ports: {
      type: 'array',
      patchStrategy: 'merge',
      patchMergeKey: 'containerPort',
      items: { type: 'object', properties: { containerPort: { type: 'integer' }, name: text } },
    },
  },
};
const kind: Schema = {
  type: 'object',
  properties: {
    data: { type: 'object', values: text },
    finalizers: { type: 'array', items: text, patchStrategy: 'merge' },
    containers: { type: 'array', patchStrategy: 'merge', patchMergeKey: 'name', items: container },
    args: { type: 'array', items: text },
    strategy: { type: 'object', patchStrategy: 'retainKeys', properties: { type: text, rolling: text } },
    whole: { type: 'object', patchStrategy: 'replace', properties: { a: text, b: text } },
  },
};

const encode = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

function patched(
  kindOfPatch: 'json-patch' | 'merge-patch' | 'strategic-merge-patch',
  live: JsonObject,
  body: unknown,
) {
  const patch = readPatch(`application/${kindOfPatch}+json`, encode(body), { isCustom: false });
  if (patch.kind === 'apply') throw new Error('not of this test');
  return applyPatch(live, patch, kind);
}

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a JSON patch', () => {
  it.each([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['appends to a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['counts negative indices from the end', { a: [1, 2] }, [{ op: 'remove', path: '/a/-1' }], { a: [1] }],
    [
      'reads ~1 as a slash and ~0 as a tilde',
      {},
      [{ op: 'add', path: '/a~1b~0c', value: 1 }],
      { 'a/b~c': 1 },
    ],
    ['adds what it replaces and does not find', {}, [{ op: 'replace', path: '/a', value: 1 }], { a: 1 }],
    ['copies what is not there as null', {}, [{ op: 'copy', from: '/a', path: '/b' }], { b: null }],
    ['moves', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    [
      'tests regardless of the order of fields',
      { a: { b: 1, c: 2 } },
      [{ op: 'test', path: '/a', value: { c: 2, b: 1 } }],
      { a: { b: 1, c: 2 } },
    ],
    ['takes what is not there for null', {}, [{ op: 'test', path: '/a', value: null }], {}],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
    ['of null changes nothing', { a: 1 }, null, { a: 1 }],
  ])('%s', (_, live, operations, expected) => {
    const before = structuredClone(live);
    expect(patched('json-patch', live, operations)).toEqual(expected);
    expect(live).toEqual(before);
  });

  it.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }]],
    ['a missing field to remove', [{ op: 'remove', path: '/b' }]],
    ['a missing parent', [{ op: 'add', path: '/b/c', value: 1 }]],
    ['a scalar as parent', [{ op: 'add', path: '/a/b', value: 1 }]],
    ['an index beyond the end', [{ op: 'replace', path: '/list/1', value: 1 }]],
    ['an index that is none', [{ op: 'add', path: '/list/one', value: 1 }]],
    ['an unknown operation', [{ op: 'increase', path: '/a' }]],
    ['no path', [{ op: 'remove' }]],
    ['what every object inherits', [{ op: 'remove', path: '/constructor' }]],
  ])('is refused with 422 for %s', (_, operations) => {
    expect(refusal(() => patched('json-patch', { a: 1, list: [0] }, operations))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    });
  });

  it('holds at most 10,000 operations', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }));
    expect(refusal(() => patched('json-patch', { a: 1 }, operations))).toMatchObject({ code: 413 });
    expect(patched('json-patch', { a: 1 }, operations.slice(1))).toEqual({ a: 1 });
  });
});

describe('a merge patch', () => {
  it.each([
    ['deletes by null', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['drops nulls of what is new', {}, { a: { b: null, c: [{ d: null }] } }, { a: { c: [{}] } }],
    ['replaces a scalar by an object', { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
  ])('%s', (_, live, patch, expected) => {
    expect(patched('merge-patch', live, patch)).toEqual(expected);
  });

  it('applied twice is the same as once', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    const leaf = fc.constantFrom(null, 1, 'x', [1, 2]);
    const json = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf)));
    fc.assert(
      fc.property(json, json, (live, patch) => {
        const once = patched('merge-patch', live, patch) as JsonObject;
        expect(patched('merge-patch', once, patch)).toEqual(once);
      }),
      { seed: 1 },
    );
  });
});

describe('a strategic merge patch', () => {
  const live = {
    data: { a: '1', b: '2' },
    finalizers: ['x', 'y', 'z'],
    args: ['1', '2'],
    containers: [
      { name: 'one', image: 'i1', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 443 }] },
      { name: 'two', image: 'i2' },
    ],
    strategy: { type: 'rolling', rolling: 'slow' },
    whole: { a: '1' },
  };
  const one = live.containers[0];
  const two = live.containers[1];

  it.each([
    ['merges maps and deletes by null', { data: { a: null, c: '3' } }, { data: { b: '2', c: '3' } }],
    ['replaces lists without a strategy', { args: ['3'] }, { args: ['3'] }],
    [
      'merges lists of scalars, those that are new first',
      { finalizers: ['w', 'y'] },
      { finalizers: ['w', 'x', 'y', 'z'] },
    ],
    [
      'deletes from lists of scalars',
      { '$deleteFromPrimitiveList/finalizers': ['y'] },
      { finalizers: ['x', 'z'] },
    ],
    [
      'merges items by their key',
      { containers: [{ name: 'two', image: 'new' }] },
      { containers: [one, { name: 'two', image: 'new' }] },
    ],
    [
      'adds items with an unknown key',
      { containers: [{ name: 'three' }] },
      { containers: [{ name: 'three' }, one, two] },
    ],
    ['deletes items', { containers: [{ $patch: 'delete', name: 'one' }] }, { containers: [two] }],
    [
      'replaces a list',
      { containers: [{ $patch: 'replace' }, { name: 'two' }] },
      { containers: [{ name: 'two' }] },
    ],
    [
      'merges lists within items',
      { containers: [{ name: 'one', ports: [{ containerPort: 443, name: 'tls' }] }] },
      {
        containers: [
          {
            ...one,
            ports: [
              { containerPort: 80, name: 'http' },
              { containerPort: 443, name: 'tls' },
            ],
          },
          two,
        ],
      },
    ],
    [
      'orders items',
      { '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }] },
      { containers: [two, one] },
    ],
    ['replaces a map', { data: { $patch: 'replace', c: '3' } }, { data: { c: '3' } }],
    ['empties a map', { data: { $patch: 'delete' } }, { data: {} }],
    ['replaces where the schema says so', { whole: { b: '2' } }, { whole: { b: '2' } }],
    [
      'retains named members',
      { strategy: { $retainKeys: ['type'], type: 'all' } },
      { strategy: { type: 'all' } },
    ],
  ])('%s', (_, patch, expected) => {
    const before = structuredClone(live);
    expect(patched('strategic-merge-patch', live, patch)).toEqual({ ...live, ...expected });
    expect(live).toEqual(before);
  });

  it.each([
    [
      'an item without its merge key',
      { containers: [{ image: 'x' }] },
      500,
      'map: map[image:x] does not contain declared merge key: name',
    ],
    [
      'an unknown directive',
      { data: { $patch: 'merge' } },
      500,
      'unknown patch type: merge in map: map[$patch:merge]',
    ],
    [
      'a field beside those retained',
      { strategy: { $retainKeys: ['type'], rolling: 'fast' } },
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'lists of lists',
      { finalizers: [['a']] },
      422,
      'the server rejected our request due to an error in our request',
    ],
  ])('is refused for %s', (_, patch, code, message) => {
    const empty = { ...live, finalizers: [] };
    expect(refusal(() => patched('strategic-merge-patch', empty, patch))).toMatchObject({ code, message });
  });
});

describe('what carries a patch', () => {
  const custom = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  it.each([
    ['application/json', false, '415: Unsupported Media Type'],
    [undefined, false, '415: Unsupported Media Type'],
    [
      'application/strategic-merge-patch+json',
      true,
      `the body of the request was in an unknown format - accepted media types include: ${custom}`,
    ],
  ])('is refused as %s', (type, isCustom, message) => {
    expect(refusal(() => readPatch(type, encode('{}'), { isCustom }))).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message,
    });
  });

  it.each([
    ['json-patch+json', '{', 'invalid JSON patch'],
    [
      'json-patch+json',
      '{}',
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    [
      'json-patch+json',
      '[1]',
      'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
    ],
    ['merge-patch+json', 'null', 'Invalid JSON Patch'],
    [
      'merge-patch+json',
      '[]',
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'strategic-merge-patch+json',
      '"a"',
      'json: cannot unmarshal string into Go value of type map[string]interface {}',
    ],
  ])('is unreadable as %s: %s', (type, body, message) => {
    expect(refusal(() => readPatch(`application/${type}`, encode(body), { isCustom: false }))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message,
    });
  });

  it('is YAML or JSON for an apply', () => {
    const read = (body: string) =>
      readPatch('application/apply-patch+yaml; charset=utf-8', encode(body), { isCustom: true });
    expect(read('a: yes\nb: [1]')).toMatchObject({ kind: 'apply', configuration: { a: true, b: [1] } });
    expect(read('{"a": "yes"}')).toMatchObject({ kind: 'apply', configuration: { a: 'yes' } });
    expect(refusal(() => read('[]')).code).toBe(400);
  });
});
