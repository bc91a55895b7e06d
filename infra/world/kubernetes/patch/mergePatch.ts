import { isObject, type JsonObject, own } from '../json.ts';
import { withoutNulls } from './withoutNulls.ts';

/** RFC 7386, but for one thing in which the real server differs: nulls in objects within new lists go too. */
export function mergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...document };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergeValue(own(document, name), value);
  }
  return merged;
}

function mergeValue(live: unknown, patch: unknown): unknown {
  if (!isObject(live)) return withoutNulls(patch);
  return isObject(patch) ? mergePatch(live, patch) : patch;
}
