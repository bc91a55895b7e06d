import type { JsonObject } from '../json.ts';
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
