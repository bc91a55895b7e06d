import { goText, isObject, type JsonObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { jsonPatch } from './jsonPatch.ts';
import { mergePatch } from './mergePatch.ts';
import type { Patch } from './readPatch.ts';
import { strategicMergePatch } from './strategicMergePatch.ts';

/**
 * What the patch makes of the document; neither is changed. It may be no object any more, and holds what the kind does
 * not know: decoding it is the caller's next step, as on a real server.
 */
export function applyPatch(
  document: JsonObject,
  patch: Exclude<Patch, { kind: 'apply' }>,
  schema: Schema | undefined,
): unknown {
  switch (patch.kind) {
    case 'json':
      return jsonPatch(document, patch.operations);
    case 'merge':
      return mergePatch(document, patch.patch);
    case 'strategic':
      return strategicMergePatch(document, patch.patch, schema);
  }
}

/**
 * How messages quote a patch whose result is no object of the kind. Custom resources are maps in Go, whose JSON is in
 * order; of built-in ones only the patched document is.
 */
export function shownPatch(patch: Patch, patched: unknown, { isCustom }: { isCustom: boolean }): string {
  if (patch.kind === 'strategic') return goText(patch.patch);
  return JSON.stringify(inOrder(patched, isCustom ? Number.POSITIVE_INFINITY : 1));
}

function inOrder(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => inOrder(item, depth));
  if (!isObject(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name], depth - 1)]));
}
