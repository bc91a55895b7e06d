const stability = { alpha: 0, beta: 1 } as const;

/** `v2` is major 2 and stable; what is no such name comes last, in alphabetical order. */
function parts(version: string): readonly [stability: number, major: number, minor: number] | undefined {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return undefined;
  return [
    found[2] ? stability[found[2] as keyof typeof stability] : 2,
    Number(found[1]),
    Number(found[3] ?? 0),
  ];
}

/** Sorts `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, `latest` into this order, as Kubernetes prefers them. */
export function byPreference(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : right[differing]! - left[differing]!;
}
