import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { toAttribute } from './attributes.ts';
import { compare, inByteOrder } from './byteOrder.ts';
import type { Change, Condition, Query, Value } from './table.ts';

/** An expression's placeholders. Every name and value gets one, so that no reserved word and no input can matter. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, AttributeValue> = {};
  #count = 0;

  name(attribute: string): string {
    const known = this.#names.get(attribute);
    if (known) return known;
    const placeholder = `#n${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }

  value(value: Value, within: string): string {
    const placeholder = `:v${this.#count++}`;
    this.#values[placeholder] = toAttribute(value, within);
    return placeholder;
  }

  /** What goes beside the expressions. Empty maps are refused by the API. */
  get spelled(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, AttributeValue>;
  } {
    return {
      ...(this.#names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...this.#names].map(([name, key]) => [key, name])),
      }),
      ...(this.#count > 0 && { ExpressionAttributeValues: this.#values }),
    };
  }
}

export function conditionOf(when: Condition | undefined, p: Placeholders): { ConditionExpression?: string } {
  if (when === undefined) return {};
  if (when === 'absent') return { ConditionExpression: `attribute_not_exists(${p.name('pk')})` };
  const parts = Object.entries(when).map(([name, value]) =>
    value === undefined
      ? `attribute_not_exists(${p.name(name)})`
      : `${p.name(name)} = ${p.value(value, name)}`,
  );
  return parts.length > 0 ? { ConditionExpression: parts.join(' AND ') } : {};
}

export function updateOf(
  { set = {}, remove = [], add = {} }: Change & { add?: Record<string, number> },
  p: Placeholders,
): { UpdateExpression?: string } {
  const clauses = [
    clause(
      'SET',
      Object.entries(set).map(([name, value]) => `${p.name(name)} = ${p.value(value, name)}`),
    ),
    clause(
      'REMOVE',
      remove.map((name) => p.name(name)),
    ),
    clause(
      'ADD',
      Object.entries(add).map(([name, amount]) => `${p.name(name)} ${p.value(amount, name)}`),
    ),
  ].filter((part) => part !== '');
  return clauses.length > 0 ? { UpdateExpression: clauses.join(' ') } : {};
}

const clause = (verb: string, parts: string[]): string =>
  parts.length > 0 ? `${verb} ${parts.join(', ')}` : '';

/** Sorts after everything that starts as the text before it does. */
const last = '\u{10FFFF}';

/** The bounds of a query as one condition on the sort key, which is all the API takes; undefined where none fits. */
export function keyConditionOf(
  query: Query,
  p: Placeholders,
): { KeyConditionExpression: string } | undefined {
  const [partitionName, sortName] = query.index ? ['duePk', 'dueSk'] : ['pk', 'sk'];
  const { prefix, from, to } = query;
  const partition = `${p.name(partitionName!)} = ${p.value(query.partition, partitionName!)}`;
  const and = (condition: string) => ({ KeyConditionExpression: `${partition} AND ${condition}` });
  const sort = () => p.name(sortName!);
  const value = (text: string) => p.value(text, sortName!);

  if (prefix !== undefined && from === undefined && to === undefined) {
    return prefix === ''
      ? { KeyConditionExpression: partition }
      : and(`begins_with(${sort()}, ${value(prefix)})`);
  }
  const lower = larger(from, prefix);
  const upper = smaller(to, prefix === undefined ? undefined : prefix + last);
  if (lower !== undefined && upper !== undefined) {
    if (byBytes(lower, upper) > 0) return undefined;
    return and(`${sort()} BETWEEN ${value(lower)} AND ${value(upper)}`);
  }
  if (lower !== undefined) return and(`${sort()} >= ${value(lower)}`);
  if (upper !== undefined) return and(`${sort()} <= ${value(upper)}`);
  return { KeyConditionExpression: partition };
}

const larger = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : byBytes(a, b) >= 0 ? a : b;
const smaller = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? (a ?? b) : byBytes(a, b) <= 0 ? a : b;

const byBytes = (a: string, b: string): number => compare(inByteOrder(a), inByteOrder(b));
