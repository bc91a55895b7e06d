import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { Objects } from '../../../../../infra/world/kubernetes/store/objects.ts';

const things = { group: 'test', name: 'things' };
const thing = (name: string, value = 0, namespace?: string): StoredObject => ({
  metadata: { name, ...(namespace ? { namespace } : {}) },
  value,
});
const namesIn = (objects: Objects, at?: number) =>
  [...objects.shelf(things).walk('', '', at)].map(({ key }) => key);

describe('the store of a simulated cluster', () => {
  it('gives each write a revision of its own, whatever it writes', () => {
    const objects = new Objects();
    const first = objects.put(things, thing('a'));
    const second = objects.put({ group: '', name: 'pods' }, thing('p'));
    expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1);
    expect(objects.revisionOf(things)).toBe(Number(first.metadata.resourceVersion));
  });

  it('hands out copies: what a reader does to one changes nothing', () => {
    const objects = new Objects();
    objects.put(things, thing('a', 1));
    objects.get(things, undefined, 'a')!.value = 2;
    expect(objects.get(things, undefined, 'a')!.value).toBe(1);
  });

  it('orders keys as bytes: a namespace before those that begin with its name', () => {
    const objects = new Objects();
    for (const namespace of ['team-b', 'team', 'a']) objects.put(things, thing('x', 0, namespace));
    expect(namesIn(objects)).toEqual(['a/x', 'team-b/x', 'team/x']);
  });

  it('tells the last state of what was removed, at the revision of its end', () => {
    const objects = new Objects();
    objects.put(things, thing('a', 7));
    const told: string[] = [];
    objects.follow(things, ({ last }) => last && told.push(last));
    objects.remove(things, undefined, 'a');
    expect(JSON.parse(told[0]!)).toMatchObject({
      value: 7,
      metadata: { resourceVersion: String(objects.revision) },
    });
    expect(objects.remove(things, undefined, 'a')).toBeUndefined();
  });

  it('lists the past as it was until it is compacted, and the present after that', () => {
    const operation = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      isRemoval: fc.boolean(),
      compacts: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const objects = new Objects();
        const model = new Map<string, number>();
        const past: [revision: number, state: [string, number][]][] = [];
        operations.forEach(({ name, isRemoval, compacts }, value) => {
          if (isRemoval) {
            objects.remove(things, undefined, name);
            model.delete(name);
          } else {
            objects.put(things, thing(name, value));
            model.set(name, value);
          }
          past.push([objects.revision, [...model].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
          if (compacts) objects.compact(objects.revision - 3);
        });
        for (const [revision, state] of past) {
          if (revision < objects.compacted) continue;
          const found = [...objects.shelf(things).walk('', '', revision)].map(({ key, text }) => [
            key,
            (JSON.parse(text) as { value: number }).value,
          ]);
          expect(found).toEqual(state);
        }
        expect(objects.shelf(things).count).toBe(model.size);
      }),
      { seed: 1 },
    );
  });

  it('keeps nothing of what was replaced or removed once it is compacted', () => {
    const objects = new Objects();
    for (let value = 0; value < 5; value++) objects.put(things, thing('a', value));
    objects.put(things, thing('b'));
    objects.remove(things, undefined, 'b');
    objects.compact(objects.revision);
    expect(objects.shelf(things).changes).toEqual([]);
    expect(namesIn(objects, 4)).toEqual([]);
    expect(namesIn(objects)).toEqual(['a']);
  });

  it('counts as many as there are to walk, at any revision, after any writes and compactions', () => {
    const name = fc.constantFrom('a', 'ab', 'b', 'c');
    const namespace = fc.constantFrom('n', 'na', 'o');
    const write = fc.record({ name, namespace, isRemoval: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(write),
        fc.nat(20),
        namespace,
        name,
        fc.nat(25),
        (writes, compacted, inside, from, at) => {
          const objects = new Objects();
          for (const { name, namespace, isRemoval } of writes) {
            if (isRemoval) objects.remove(things, namespace, name);
            else objects.put(things, thing(name, 0, namespace));
          }
          objects.compact(compacted);
          const shelf = objects.shelf(things);
          for (const prefix of ['', `${inside}/`]) {
            for (const revision of [undefined, Math.max(at, objects.compacted)]) {
              const walked = [...shelf.walk(prefix, prefix + from, revision)].length;
              expect(shelf.countFrom(prefix, prefix + from, revision)).toBe(walked);
            }
          }
        },
      ),
      { seed: 1 },
    );
  });
});
