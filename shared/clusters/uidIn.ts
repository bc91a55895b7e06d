/** Longer than any UID, and short enough for a row. */
const longest = 64;

/** Who a cluster is, by its kube-system namespace: its word, which may be anything. */
export function uidIn(namespace: unknown): string | null {
  const { metadata } = (namespace ?? {}) as { metadata?: { uid?: unknown } | null };
  const uid = metadata?.uid;
  return typeof uid === 'string' && uid !== '' ? uid.slice(0, longest) : null;
}
