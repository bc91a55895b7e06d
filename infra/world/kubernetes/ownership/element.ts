import { isObject, type JsonObject } from '../json.ts';

/** One step of a path, as FieldsV1 writes it. */
export const fieldElement = (name: string): string => `f:${name}`;

/** Of a list whose items are told apart by fields. */
export const keyElement = (keys: JsonObject): string =>
  `k:${JSON.stringify(Object.fromEntries(Object.entries(keys).sort(([one], [other]) => (one < other ? -1 : 1))))}`;

/** Of a set. */
export const valueElement = (value: unknown): string => `v:${JSON.stringify(value)}`;

/** Of an atomic list, in messages. */
export const indexElement = (index: number): string => `i:${index}`;

export const fieldNameOf = (element: string): string | undefined =>
  element.startsWith('f:') ? element.slice(2) : undefined;

export const isKey = (element: string): boolean => element.startsWith('k:');

/** Undefined is what a later version may know: a server drops it. */
export function elementFrom(text: string): string | undefined {
  if (text[1] !== ':') throw new Error(`missing colon: ${text}`);
  const content = text.slice(2);
  switch (text[0]) {
    case 'f':
    case 'i':
      return text;
    case 'v':
      return valueElement(JSON.parse(content));
    case 'k': {
      const keys: unknown = JSON.parse(content);
      if (!isObject(keys)) throw new Error(`a key is an object: ${text}`);
      return keyElement(keys);
    }
    default:
      return undefined;
  }
}

/** Numbers in keys are compared as numbers. */
export function compareElements(one: string, other: string): number {
  if (one[0] !== other[0] || one[0] === 'f') return compare(one, other);
  const [left, right] = [one, other].map((element) => JSON.parse(element.slice(2)) as unknown);
  if (!isObject(left) || !isObject(right)) return compare(left, right);
  const [lefts, rights] = [Object.entries(left), Object.entries(right)];
  for (const [index, [name, value]] of lefts.entries()) {
    const [otherName, otherValue] = rights[index] ?? [];
    const order = otherName === undefined ? 1 : compare(name, otherName) || compare(value, otherValue);
    if (order) return order;
  }
  return lefts.length - rights.length;
}

function compare(one: unknown, other: unknown): number {
  if (one === other) return 0;
  const isLess = typeof one === typeof other ? (one as string) < (other as string) : typeof one === 'number';
  return isLess ? -1 : 1;
}

/** As conflicts and causes name it: `.spec.containers[name="a"].image`. */
export const pathText = (path: readonly string[]): string => path.map(elementText).join('');

export function elementText(element: string): string {
  const content = element.slice(2);
  if (element.startsWith('f:')) return `.${content}`;
  if (element.startsWith('v:')) return `[=${content}]`;
  if (!isKey(element)) return `[${content}]`;
  const keys = Object.entries(JSON.parse(content) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
