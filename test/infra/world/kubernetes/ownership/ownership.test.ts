import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../../infra/world/kubernetes/json.ts';
import { Kinds } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import {
  applyConfiguration,
  resetFieldsOf,
  trackUpdate,
} from '../../../../../infra/world/kubernetes/ownership/index.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';

const configMaps = new Kinds().resource('', 'v1', 'configmaps')!;
const earlier = '2026-03-01T10:00:00Z';
const now = '2026-03-01T10:00:05Z';

const change = (manager: string, time = now, subresource = '') => ({
  schema: configMaps.schema,
  isCustom: false,
  manager,
  apiVersion: 'v1',
  subresource,
  time,
  resetFields: resetFieldsOf(configMaps, subresource),
  isServed: (apiVersion: string) => apiVersion === 'v1',
});

const configMap = (data: Record<string, string>, metadata: JsonObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'b', ...metadata },
  data,
});

const created = (data: Record<string, string>, manager = 'one') => {
  const { metadata, ...object } = trackUpdate(
    { before: undefined, after: configMap(data) },
    change(manager, earlier),
  );
  return { ...object, metadata: { ...metadata, uid: 'u' } } as KubeObject;
};

const update = (before: KubeObject, after: KubeObject, manager: string) =>
  trackUpdate({ before, after }, change(manager));

const apply = (
  live: KubeObject | undefined,
  config: JsonObject,
  manager: string,
  { force = false, time = now } = {},
) => applyConfiguration({ live, config }, { ...change(manager, time), kind: 'ConfigMap', force });

/** `manager operation: paths`, in the server's order. */
const owners = (object: KubeObject) =>
  object.metadata.managedFields?.map(
    ({ manager, operation, time, fieldsV1 }) => `${manager} ${operation} ${time} ${JSON.stringify(fieldsV1)}`,
  );

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('it was taken');
}

describe('who updates', () => {
  it('owns all that he creates, but for what the server writes', () => {
    expect(owners(created({ a: '1' }))).toEqual([`one Update ${earlier} {"f:data":{".":{},"f:a":{}}}`]);
  });

  it('takes what he changes from the others, who vanish when nothing is left to them', () => {
    const before = created({ a: '1', b: '1' });
    const two = update(before, configMap({ a: '1', b: '2' }, before.metadata as JsonObject), 'two');
    expect(owners(two)).toEqual([
      `one Update ${earlier} {"f:data":{".":{},"f:a":{}}}`,
      `two Update ${now} {"f:data":{"f:b":{}}}`,
    ]);
    const { data: _, ...bare } = two;
    expect(owners(update(two, bare as KubeObject, 'three'))).toBeUndefined();
  });

  it('keeps the time of his entry when he changes nothing', () => {
    const before = created({ a: '1' });
    expect(update(before, before, 'one')).toEqual(before);
    expect(update(before, before, 'two')).toEqual(before);
  });

  it('clears all by an empty list, and nobody owns anything until the first apply', () => {
    const before = created({ a: '1' });
    const cleared = update(before, configMap({ a: '1' }, { uid: 'u', managedFields: [{}] }), 'one');
    expect(owners(cleared)).toBeUndefined();
    expect(owners(update(cleared, configMap({ a: '2' }, { uid: 'u' }), 'two'))).toBeUndefined();
    expect(owners(apply(cleared, configMap({ b: '2' }), 'three'))).toEqual([
      `three Apply ${now} {"f:data":{"f:b":{}}}`,
      `before-first-apply Update ${now} {"f:data":{".":{},"f:a":{}}}`,
    ]);
  });

  it('is one of ten at most: the oldest become one', () => {
    let object = created({});
    for (let index = 0; index < 12; index += 1) {
      const data = { ...(object.data as Record<string, string>), [`k${index}`]: '1' };
      object = trackUpdate(
        { before: object, after: { ...object, data } },
        change(`m${index}`, `2026-03-01T10:00:${10 + index}Z`),
      );
    }
    expect(object.metadata.managedFields?.map(({ manager }) => manager)).toEqual([
      'ancient-changes',
      ...Array.from({ length: 9 }, (_, index) => `m${index + 3}`),
    ]);
  });
});

describe('who applies', () => {
  const live = apply(undefined, configMap({ a: '1', b: '1' }), 'one', { time: earlier });

  it('owns what he applies', () => {
    expect(live.data).toEqual({ a: '1', b: '1' });
    expect(owners(live)).toEqual([`one Apply ${earlier} {"f:data":{"f:a":{},"f:b":{}}}`]);
  });

  it('changes nothing by applying the same again', () => {
    expect(apply(live, configMap({ a: '1', b: '1' }), 'one')).toEqual(live);
  });

  it('removes what he no longer applies and nobody else owns', () => {
    expect(apply(live, configMap({ a: '1' }), 'one').data).toEqual({ a: '1' });
    const shared = apply(live, configMap({ b: '1' }), 'two');
    expect(apply(shared, configMap({ a: '1' }), 'one').data).toEqual({ a: '1', b: '1' });
  });

  it('is refused what another owns, and takes it by force', () => {
    expect(refusal(() => apply(live, configMap({ a: '2' }), 'two'))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }],
      },
    });
    expect(owners(apply(live, configMap({ a: '2' }), 'two', { force: true }))).toEqual([
      `one Apply ${earlier} {"f:data":{"f:b":{}}}`,
      `two Apply ${now} {"f:data":{"f:a":{}}}`,
    ]);
  });

  it('is told of several conflicts by their owners', () => {
    const changed = update(live, configMap({ a: '3', b: '3' }, live.metadata as JsonObject), 'kubectl');
    expect(refusal(() => apply(changed, configMap({ a: '2', b: '2' }), 'two')).message).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl" using v1:\n- .data.a\n- .data.b',
    );
  });

  it.each([
    [{ kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    [{ metadata: { name: 'a', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
    [
      { spec: {} },
      500,
      'failed to create typed patch object (b/a; /v1, Kind=ConfigMap): .spec: field not declared in schema',
    ],
  ])('is refused %j', (wrong, code, message) => {
    expect(refusal(() => apply(live, { ...configMap({}), ...wrong }, 'one'))).toMatchObject({
      code,
      message,
    });
  });
});
