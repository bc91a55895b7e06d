export { openCursor, sealCursor } from './cursor.ts';
export { type DynamoOptions, type DynamoTable, dynamoTable } from './dynamo.ts';
export type { Lane } from './keys.ts';
export * as keys from './keys.ts';
export { readLarge, removeLarge, writeLarge } from './large.ts';
export { MemoryTable } from './memory.ts';
export {
  type Change,
  type Condition,
  type Cursor,
  type Item,
  type Key,
  type Page,
  type Query,
  StoreRefused,
  StoreUnanswered,
  type Table,
  type Units,
  type Value,
  type Written,
} from './table.ts';
