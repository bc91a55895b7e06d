export { humanDuration } from './age.ts';
export { jsonPath } from './jsonPath.ts';
export { type PartialObjectMetadata, partialOf, type Table, type TableWish, tableOf } from './table.ts';
