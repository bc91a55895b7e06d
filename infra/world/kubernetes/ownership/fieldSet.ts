import { isObject } from '../json.ts';
import type { FieldsV1 } from '../objects.ts';
import { compareElements, elementFrom } from './element.ts';

/**
 * A set of paths. A path's elements are written as FieldsV1 writes them (`f:spec`, `k:{"name":"a"}`, `v:"x"`), so that
 * equal elements are equal strings. A child is never empty; having children does not make an element a member.
 */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export type Path = readonly string[];

export const emptySet: FieldSet = { members: new Set(), children: new Map() };

export const isEmpty = (set: FieldSet): boolean => set.members.size === 0 && set.children.size === 0;

export const below = (set: FieldSet, element: string): FieldSet => set.children.get(element) ?? emptySet;

export function has(set: FieldSet, [element, ...rest]: Path): boolean {
  if (element === undefined) return false;
  return rest.length ? has(below(set, element), rest) : set.members.has(element);
}

/** A set under construction. */
export class FieldSetBuilder implements FieldSet {
  readonly members = new Set<string>();
  readonly children = new Map<string, FieldSetBuilder>();

  /** The empty path is the whole object: nobody owns that. */
  insert(path: Path): void {
    let at: FieldSetBuilder = this;
    path.forEach((element, index) => {
      if (index === path.length - 1) at.members.add(element);
      else at = at.child(element);
    });
  }

  private child(element: string): FieldSetBuilder {
    const child = this.children.get(element) ?? new FieldSetBuilder();
    this.children.set(element, child);
    return child;
  }
}

export function setOf(...paths: Path[]): FieldSet {
  const set = new FieldSetBuilder();
  for (const path of paths) set.insert(path);
  return set;
}

const common = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  new Set([...one].filter((element) => other.has(element)));
const without = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  new Set([...one].filter((element) => !other.has(element)));

type Combine = (one: FieldSet, other: FieldSet) => FieldSet;

function withChildren(
  members: ReadonlySet<string>,
  elements: Iterable<string>,
  child: (element: string) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const element of elements) {
    const set = child(element);
    if (!isEmpty(set)) children.set(element, set);
  }
  return { members, children };
}

export const union: Combine = (one, other) =>
  withChildren(
    new Set([...one.members, ...other.members]),
    new Set([...one.children.keys(), ...other.children.keys()]),
    (element) => union(below(one, element), below(other, element)),
  );

export const intersection: Combine = (one, other) =>
  withChildren(common(one.members, other.members), one.children.keys(), (element) =>
    intersection(below(one, element), below(other, element)),
  );

/** What is below a member of the other set stays. */
export const difference: Combine = (one, other) =>
  withChildren(without(one.members, other.members), one.children.keys(), (element) =>
    difference(below(one, element), below(other, element)),
  );

/** What is below a member of the other set goes with it. */
export const recursiveDifference: Combine = (one, other) =>
  withChildren(without(one.members, other.members), one.children.keys(), (element) =>
    other.members.has(element) ? emptySet : recursiveDifference(below(one, element), below(other, element)),
  );

/** Members before what is below them, each in the server's order. */
export function* pathsOf(set: FieldSet, prefix: Path = []): Generator<Path> {
  for (const element of [...set.members].sort(compareElements)) yield [...prefix, element];
  for (const element of [...set.children.keys()].sort(compareElements)) {
    yield* pathsOf(below(set, element), [...prefix, element]);
  }
}

export function toFieldsV1(set: FieldSet): FieldsV1 {
  const fields: FieldsV1 = {};
  for (const element of [...new Set([...set.members, ...set.children.keys()])].sort(compareElements)) {
    const child = set.children.get(element);
    const own = child && set.members.has(element) ? { '.': {} } : {};
    fields[element] = child ? { ...own, ...toFieldsV1(child) } : {};
  }
  return fields;
}

export function fromFieldsV1(fields: unknown): FieldSet {
  if (!isObject(fields)) throw new Error('fieldsV1 is no object');
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [name, value] of Object.entries(fields)) {
    if (name === '.') continue;
    const element = elementFrom(name);
    if (element === undefined) continue;
    const child = fromFieldsV1(value);
    if (isEmpty(child) || Object.hasOwn(value as object, '.')) members.add(element);
    if (!isEmpty(child)) children.set(element, child);
  }
  return { members, children };
}
