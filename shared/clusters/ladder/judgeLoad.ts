import type { Count } from '#kubernetes';
import type { Millis } from '#time';
import { found } from '../finding.ts';
import type { Judged, Tried } from './judged.ts';

/** More than any round trip on Earth takes: what is slower waits for the server. */
const slow: Millis = 1_000;

/** Counts that cannot be had are told of and do not say that the cluster is away. */
export function judgeLoad(
  { nodes, pods }: { readonly nodes: Tried<Count>; readonly pods: Tried<Count> },
  took: readonly Millis[],
): Judged & { readonly p50: Millis } {
  const sorted = took.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const [p50, p95, max] = [quantile(0.5), quantile(0.95), quantile(1)];
  const faults = [nodes, pods].flatMap((each) => ('fault' in each ? [each.fault] : []));
  const calls = sorted.length;
  // The same trouble is told once.
  const told = faults.filter(({ code }, i) => faults.findIndex((other) => other.code === code) === i);
  return {
    warnings: [...told, ...(p50 > slow ? [found('SLOW', { calls, p50, max })] : [])],
    evidence: { nodes: countIn(nodes), pods: countIn(pods), calls, p50Ms: p50, p95Ms: p95, maxMs: max },
    p50,
  };
}

const countIn = (tried: Tried<Count>): number | null => ('value' in tried ? tried.value.count : null);
