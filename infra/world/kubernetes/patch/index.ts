/**
 * A PATCH in two steps, since a real server refuses an unreadable one before it looks for the object: `readPatch`, then
 * `applyPatch` to the object found, or `applyConfiguration` of `../ownership` where its kind is `apply`.
 */
export { applyPatch } from './applyPatch.ts';
export { type Patch, readPatch } from './readPatch.ts';
export { shownPatch } from './shownPatch.ts';
