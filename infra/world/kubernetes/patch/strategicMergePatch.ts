import { goText, goType, isObject, type JsonObject, own } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { badRequest, rejected, unforeseen } from '../status.ts';
import { checkOrder, identity, inOrder, noMergeKey } from './listOrder.ts';
import { withoutNulls } from './withoutNulls.ts';

const deletion = '$deleteFromPrimitiveList';
const ordering = '$setElementOrder';
const retaining = '$retainKeys';

/** The schema says which lists are merged and by which key; see the patch section of Kubernetes' API conventions. */
export function strategicMergePatch(
  live: JsonObject,
  patch: JsonObject,
  schema: Schema | undefined,
): JsonObject {
  const directive = own(patch, '$patch');
  if (directive !== undefined) return replaced(directive, patch);

  const merged = retained(live, patch);
  const rest = { ...patch };
  delete rest[retaining];
  for (const name of Object.keys(rest)) {
    if (name.startsWith(ordering)) mergeOrdered(merged, rest, name, schema);
  }
  for (const [name, value] of Object.entries(rest)) {
    const isDeletion = name.startsWith(deletion);
    const key = isDeletion ? listNamedIn(name, deletion, 'primitive list') : name;
    if (value === null) delete merged[key];
    else if (isDeletion) deleteItems(merged, key, value);
    else mergeField(merged, key, value, fieldOf(schema, key));
  }
  return merged;
}

function replaced(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw unknownDirective(directive, patch);
  const { $patch, ...whole } = patch;
  return whole;
}

const unknownDirective = (directive: unknown, patch: JsonObject) =>
  unforeseen(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);

/** Of a union such as a deployment's strategy only the members that are named stay. */
function retained(live: JsonObject, patch: JsonObject): JsonObject {
  const names = own(patch, retaining);
  if (names === undefined) return { ...live };
  if (!Array.isArray(names)) throw badRequest('invalid patch format of retainKeys');
  for (const [name, value] of Object.entries(patch)) {
    const isField = ![deletion, ordering, retaining].some((directive) => name.startsWith(directive));
    if (isField && value !== null && !names.includes(name)) {
      throw badRequest('invalid patch format of retainKeys');
    }
  }
  return Object.fromEntries(Object.entries(live).filter(([name]) => names.includes(name)));
}

function listNamedIn(name: string, directive: string, what: string): string {
  if (!name.startsWith(`${directive}/`)) throw badRequest(`invalid patch format of ${what}`);
  return name.slice(directive.length + 1);
}

const fieldOf = (schema: Schema | undefined, name: string): Schema | undefined =>
  schema?.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : schema?.values;

function mergeField(merged: JsonObject, key: string, value: unknown, schema: Schema | undefined): void {
  const live = own(merged, key);
  if (isObject(live) && isObject(value)) {
    merged[key] = isReplaced(schema) ? value : strategicMergePatch(live, value, schema);
  } else if (Array.isArray(live) && Array.isArray(value)) {
    merged[key] = isMerged(schema) ? mergeList(live, value, schema) : value;
  } else {
    const plain = withoutDirectives(withoutNulls(value));
    if (plain === undefined) delete merged[key];
    else merged[key] = plain;
  }
}

const strategies = (schema: Schema | undefined): string[] => schema?.patchStrategy?.split(',') ?? [];
const isMerged = (schema: Schema | undefined): schema is Schema => strategies(schema).includes('merge');
const isReplaced = (schema: Schema | undefined) => strategies(schema).includes('replace');

function mergeList(live: unknown[], patch: unknown[], schema: Schema): unknown[] {
  if (!live.length && !patch.length) return live;
  const mergeKey = schema.patchMergeKey;
  if (!holdsObjects(live, patch)) {
    return inOrder([...new Set([...live, ...patch])], patch, live, undefined);
  }
  if (mergeKey === undefined) throw unforeseen('cannot merge lists without merge key for struct');
  const { kept, given } = byItemDirectives(live, patch as JsonObject[], mergeKey);
  const items = mergeItems(kept, given, mergeKey, schema.items);
  return inOrder(items, given, kept, mergeKey);
}

/** Items of one list are of one type. */
function holdsObjects(...lists: unknown[][]): boolean {
  const items = lists.flat(1);
  if (!items.length) throw unforeseen('no elements in any of the given slices');
  if (Array.isArray(items[0])) throw rejected();
  if (items.some((item) => goType(item) !== goType(items[0]))) {
    throw unforeseen(`list element types are not identical: ${goText(lists)}`);
  }
  return isObject(items[0]);
}

function byItemDirectives(live: unknown[], patch: JsonObject[], mergeKey: string) {
  let kept = live;
  let isReplacement = false;
  const given: JsonObject[] = [];
  for (const item of patch) {
    const directive = own(item, '$patch');
    if (directive === undefined) given.push(item);
    else if (directive === 'replace') isReplacement = true;
    else if (directive === 'merge') throw unforeseen('merging lists cannot yet be specified in the patch');
    else if (directive !== 'delete') throw unknownDirective(directive, item);
    else {
      const gone = identity(item, mergeKey);
      kept = kept.filter((other) => !isObject(other) || own(other, mergeKey) !== gone);
    }
  }
  return isReplacement ? { kept: given, given: [] } : { kept, given };
}

function mergeItems(
  live: unknown[],
  patch: JsonObject[],
  mergeKey: string,
  schema: Schema | undefined,
): unknown[] {
  const items = [...live];
  for (const item of patch) {
    const id = own(item, mergeKey);
    if (id === undefined) throw noMergeKey(item, mergeKey);
    const index = items.findIndex((other) => isObject(other) && own(other, mergeKey) === id);
    if (index < 0) items.push(item);
    else items[index] = strategicMergePatch(items[index] as JsonObject, item, schema);
  }
  return items;
}

/** Both the list and its order are taken out of the patch. */
function mergeOrdered(merged: JsonObject, patch: JsonObject, name: string, schema: Schema | undefined): void {
  const order = listIn(patch, name) ?? [];
  delete patch[name];
  const key = listNamedIn(name, ordering, 'setElementOrder list');
  const live = listIn(merged, key);
  const given = listIn(patch, key);
  const field = fieldOf(schema, key);
  checkOrder(given ?? [], order, field?.patchMergeKey);
  if (!live && !given) return;
  const items =
    live && given
      ? isMerged(field)
        ? mergeList(live, given, field)
        : given
      : (live ?? (withoutDirectives(given) as unknown[]));
  holdsObjects(live ?? [], given ?? []);
  merged[key] = inOrder(items, order, live ?? [], field?.patchMergeKey);
  delete patch[key];
}

function listIn(object: JsonObject, name: string): unknown[] | undefined {
  const list = own(object, name);
  if (list === undefined || Array.isArray(list)) return list;
  throw unforeseen(`expected a []interface {}, but received a ${goType(list)}`);
}

function deleteItems(merged: JsonObject, key: string, gone: unknown): void {
  const live = own(merged, key);
  if (!Array.isArray(live) || !Array.isArray(gone) || (!live.length && !gone.length)) return;
  holdsObjects(live, gone);
  merged[key] = live.filter((item) => !gone.includes(item));
}

/** Undefined is what a directive leaves. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$patch')) return undefined;
  const fields = Object.entries(value).map(([name, field]) => [name, withoutDirectives(field)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}
