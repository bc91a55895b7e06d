import { isEqual, isObject, type JsonObject, own } from '../json.ts';
import { rejected, StatusError } from '../status.ts';

const maxOperations = 10_000;

/** RFC 6902, with the liberties of the library in the real server: they are named where they are taken. */
export function jsonPatch(document: unknown, operations: readonly JsonObject[]): unknown {
  if (operations.length > maxOperations) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    );
  }
  const patched = { root: structuredClone(document) };
  for (const operation of operations) {
    const operate = operators.get(own(operation, 'op'));
    if (!operate) throw rejected();
    operate(patched, operation);
  }
  return patched.root;
}

/** What the operations work on, so that the whole can be replaced too. */
interface Patched {
  root: unknown;
}

const operators = new Map<unknown, (patched: Patched, operation: JsonObject) => void>([
  ['add', ({ root }, operation) => add(target(root, operation), valueIn(operation))],
  ['remove', ({ root }, operation) => remove(target(root, operation))],
  ['replace', replace],
  ['test', test],
  [
    'move',
    ({ root }, operation) => {
      const from = target(root, operation, 'from');
      const moved = read(from);
      remove(from);
      add(target(root, operation), moved ?? null);
    },
  ],
  [
    'copy',
    ({ root }, operation) => {
      // A field that is not there is copied as null.
      const copied = structuredClone(read(target(root, operation, 'from')) ?? null);
      add(target(root, operation), copied);
    },
  ],
]);

type Place = { list: unknown[]; key: string } | { object: JsonObject; key: string };

function pointer(operation: JsonObject, field: 'path' | 'from'): string {
  const path = own(operation, field);
  if (typeof path !== 'string') throw rejected();
  return path;
}

const valueIn = (operation: JsonObject): unknown => structuredClone(own(operation, 'value') ?? null);

/** What stands before the first slash is passed over, so that `x/metadata` is `/metadata`. */
function target(root: unknown, operation: JsonObject, field: 'path' | 'from' = 'path'): Place {
  const [, ...keys] = pointer(operation, field)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = keys.pop();
  if (key === undefined) throw rejected();
  return place(
    keys.reduce((at, step) => read(place(at, step)), root),
    key,
  );
}

function place(container: unknown, key: string): Place {
  if (Array.isArray(container)) return { list: container, key };
  if (isObject(container)) return { object: container, key };
  throw rejected();
}

/** Negative indices count from the end. */
function indexOf(key: string, length: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  const fromStart = index < 0 ? index + length : index;
  if (!(fromStart >= 0 && fromStart < length)) throw rejected();
  return fromStart;
}

const read = (at: Place): unknown =>
  'list' in at ? at.list[indexOf(at.key, at.list.length)] : own(at.object, at.key);

function add(at: Place, value: unknown): void {
  if ('object' in at) at.object[at.key] = value;
  else if (at.key === '-') at.list.push(value);
  else at.list.splice(indexOf(at.key, at.list.length + 1), 0, value);
}

function remove(at: Place): void {
  if ('list' in at) {
    at.list.splice(indexOf(at.key, at.list.length), 1);
    return;
  }
  if (!Object.hasOwn(at.object, at.key)) throw rejected();
  delete at.object[at.key];
}

/** A field that is not there is added. */
function replace(patched: Patched, operation: JsonObject): void {
  const value = valueIn(operation);
  if (pointer(operation, 'path') === '') {
    if (!isObject(value) && !Array.isArray(value)) throw rejected();
    patched.root = value;
    return;
  }
  const at = target(patched.root, operation);
  if ('list' in at) at.list[indexOf(at.key, at.list.length)] = value;
  else at.object[at.key] = value;
}

/** What is not there is null. */
function test({ root }: Patched, operation: JsonObject): void {
  const found = pointer(operation, 'path') === '' ? root : read(target(root, operation));
  if (!isEqual(found ?? null, own(operation, 'value') ?? null)) throw rejected();
}
