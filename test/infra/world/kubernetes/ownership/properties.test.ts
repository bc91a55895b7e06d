import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../../infra/world/kubernetes/json.ts';
import { Kinds } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { fromFieldsV1, toFieldsV1 } from '../../../../../infra/world/kubernetes/ownership/fieldSet.ts';
import { fieldsOf } from '../../../../../infra/world/kubernetes/ownership/fieldsOf.ts';
import { applyConfiguration, trackUpdate } from '../../../../../infra/world/kubernetes/ownership/index.ts';

const { schema } = new Kinds().resource('', 'v1', 'pods')!;
const change = (manager: string) => ({
  schema,
  isCustom: false,
  manager,
  apiVersion: 'v1',
  subresource: '',
  time: '2026-03-01T10:00:00Z',
  resetFields: undefined,
  isServed: () => true,
});
const apply = (live: KubeObject | undefined, config: JsonObject, manager: string) =>
  applyConfiguration({ live, config }, { ...change(manager), kind: 'Pod', force: false });

const text = fc.constantFrom('1', '2');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const byKey = (key: string, values: unknown[], rest: fc.Arbitrary<object>) =>
  fc.uniqueArray(
    fc.tuple(fc.constantFrom(...values), rest).map(([value, fields]) => ({ [key]: value, ...fields })),
    { selector: (item) => item[key], minLength: 1, maxLength: 3 },
  );

/** Of names of its own, so that two of them with other prefixes never speak of the same field. */
const configuration = (prefix: string): fc.Arbitrary<JsonObject> => {
  const names = ['a', 'b', 'c'].map((name) => `${prefix}${name}`);
  const labels = fc.dictionary(fc.constantFrom(...names), text, { minKeys: 1 });
  const ports = byKey('containerPort', [80, 443], fc.constantFrom({}, { protocol: 'UDP' }));
  const container = fc.record({ image: text, ports: optional(ports), command: optional(fc.array(text)) });
  return fc
    .record({
      labels: optional(labels),
      finalizers: optional(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })),
      containers: byKey('name', names, container),
    })
    .map(({ labels, finalizers, containers }) =>
      JSON.parse(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p', labels, finalizers },
          spec: { containers },
        }),
      ),
    );
};

const one = configuration('x');

test('the fields of an object are the same after they were written and read', () => {
  fc.assert(
    fc.property(one, (object) => {
      const set = fieldsOf(object, schema);
      expect(fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(set))))).toEqual(set);
    }),
    { seed: 1 },
  );
});

test('what is applied twice is applied once', () => {
  fc.assert(
    fc.property(one, one, (first, second) => {
      const live = apply(apply(undefined, first, 'one'), second, 'one');
      expect(apply(live, second, 'one')).toEqual(live);
    }),
    { seed: 1 },
  );
});

test('two managers who speak of other fields never conflict, in whatever order they apply', () => {
  fc.assert(
    fc.property(configuration('x'), configuration('y'), (first, second) => {
      const [here, there] = [
        apply(apply(undefined, first, 'one'), second, 'two'),
        apply(apply(undefined, second, 'two'), first, 'one'),
      ];
      expect(here.metadata.labels).toEqual(there.metadata.labels);
      expect(here.metadata.managedFields).toEqual(there.metadata.managedFields);
    }),
    { seed: 1 },
  );
});

test('what one manager applies and then no longer does leaves nothing behind', () => {
  fc.assert(
    fc.property(configuration('x'), configuration('y'), (first, second) => {
      const alone = apply(undefined, second, 'two');
      const both = apply(alone, first, 'one');
      const nothing = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } };
      const left = apply(both, nothing, 'one');
      expect(left.metadata.labels ?? {}).toEqual(alone.metadata.labels ?? {});
      expect(left.spec).toEqual(alone.spec);
    }),
    { seed: 1 },
  );
});

test('an update that changes nothing owns nothing', () => {
  fc.assert(
    fc.property(one, (object) => {
      const live = apply(undefined, object, 'one');
      expect(trackUpdate({ before: live, after: live }, change('two'))).toEqual(live);
    }),
    { seed: 1 },
  );
});
