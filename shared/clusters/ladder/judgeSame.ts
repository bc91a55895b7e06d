import { found } from '../finding.ts';
import type { Judged } from './judged.ts';

interface Other {
  readonly id: string;
  readonly name: string;
}

/** Who a cluster is, its kube-system namespace's UID tells: it lives exactly as long as the cluster. */
export function judgeSame(uid: string, before: string | null, others: readonly Other[]): Judged {
  const names = others.map(({ name }) => name);
  const evidence = { uid, ...(names.length > 0 && { sameAs: others.map(({ id, name }) => ({ id, name })) }) };
  if (before !== null && before !== uid) {
    return { failure: found('CLUSTER_IDENTITY_CHANGED', { uid, before }), evidence };
  }
  if (names.length === 0) return { evidence };
  return { warnings: [found('DUPLICATE_CLUSTER', { clusters: names.join(', ') })], evidence };
}
