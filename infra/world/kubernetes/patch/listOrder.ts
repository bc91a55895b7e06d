import { goText, isObject, own } from '../json.ts';
import { unforeseen } from '../status.ts';

export const noMergeKey = (item: unknown, mergeKey: string) =>
  unforeseen(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);

/** What tells an item from the others of its list: the value of the merge key, or itself if it is no object. */
export function identity(item: unknown, mergeKey: string | undefined): unknown {
  if (!isObject(item) || mergeKey === undefined) return item;
  const value = own(item, mergeKey);
  if (value === undefined) throw noMergeKey(item, mergeKey);
  return value;
}

/**
 * Items that the patch names come in the patch's order, others in the live order; where the two meet, an item goes
 * before the first one that follows it in the live list.
 */
export function inOrder(
  items: readonly unknown[],
  patchOrder: readonly unknown[],
  liveOrder: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const ranks = (order: readonly unknown[]) =>
    new Map(order.map((item, index) => [identity(item, mergeKey), index] as const).reverse());
  const inPatch = ranks(patchOrder);
  const inLive = ranks(liveOrder);
  const rank = (order: Map<unknown, number>, item: unknown) => order.get(identity(item, mergeKey));
  const sorted = (some: unknown[], order: Map<unknown, number>) =>
    some.toSorted((one, other) => (rank(order, one) ?? 0) - (rank(order, other) ?? 0));

  const ofPatch = sorted(
    items.filter((item) => rank(inPatch, item) !== undefined),
    inPatch,
  );
  const ofServer = sorted(
    items.filter((item) => rank(inPatch, item) === undefined),
    inLive,
  );
  const all: unknown[] = [];
  for (const item of ofPatch) {
    const before = rank(inLive, item);
    while (ofServer.length && before !== undefined && (rank(inLive, ofServer[0]) ?? before) < before) {
      all.push(ofServer.shift());
    }
    all.push(item);
  }
  return [...all, ...ofServer];
}

/** The order given must hold what the patch gives, in the same order; a directive may not come last. */
export function checkOrder(
  patch: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): void {
  if (!order.length) return;
  const given = patch.filter((item) => directiveOf(item) !== 'delete');
  let [next, at] = [0, 0];
  while (next < given.length && at < order.length) {
    if (directiveOf(given[next]) !== undefined) next += 1;
    else {
      if (identity(given[next], mergeKey) === identity(order[at], mergeKey)) next += 1;
      at += 1;
    }
  }
  if (next < given.length) {
    throw unforeseen(
      `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
    );
  }
}

const directiveOf = (item: unknown): unknown => (isObject(item) ? own(item, '$patch') : undefined);
