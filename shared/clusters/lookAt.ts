import { DroverError } from '#errors';
import {
  asked,
  type Count,
  countOf,
  health,
  type KubeAnswer,
  type KubeConnection,
  type TablePage,
  tableRows,
  version,
} from '#kubernetes';
import type { Clock } from '#time';
import { judgeVersion } from './ladder/judgeVersion.ts';
import type { Cause, ClusterSeen, CredentialView, Expiry, Look } from './model.ts';
import { troubleOf } from './troubleOf.ts';

/** A row of nodes is some 242 B: 5,000 of them are one page. */
const nodesPerPage = 5_000;
/** Pods that do not run are few; where they are not, how many do is left open. */
const idlePodsAtMost = 2_000;
const maxBytes = 8 * 1_048_576;

export interface LookWish {
  /** A refusal is called by what our own credential says of itself. */
  credential: CredentialView;
  /** Counted in steps alone; rounds keep what is known. */
  apiGroups: number | null | 'count';
}

/**
 * The cheap look: who it is, asked with our credential, then all else side by side over the same kept connection.
 * What a cluster does is an answer; nothing of it is thrown.
 */
export async function lookAt(connection: KubeConnection, clock: Clock, wish: LookWish): Promise<Look> {
  try {
    // Its UID is who it is, and to be shown it proves who we are: /version is answered to anybody.
    const proof = await asked(connection, {
      path: '/api/v1/namespaces/kube-system',
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    });
    return await lookWithin(connection, clock, proof, wish);
  } catch (error) {
    if (error instanceof DroverError) return troubleOf(error, clock.now(), wish.credential);
    throw error;
  }
}

async function lookWithin(
  connection: KubeConnection,
  clock: Clock,
  proof: KubeAnswer,
  { apiGroups }: LookWish,
): Promise<Look> {
  const missed: DroverError[] = [];
  /** A part that could not be had leaves the others: only its count is unknown. */
  const part = async <T>(call: Promise<T>): Promise<T | null> => {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      missed.push(error);
      return null;
    }
  };
  const [healthy, about, nodes, pods, idle, groups] = await Promise.all([
    part(health(connection)),
    part(version(connection)),
    part(countNodes(connection)),
    part(countOf(connection, '/api/v1/pods')),
    part(countIdlePods(connection)),
    apiGroups === 'count' ? part(countGroups(connection)) : apiGroups,
  ]);
  const uid = uidIn(proof.json());
  const kubernetesVersion = about?.gitVersion ?? null;
  const seen: ClusterSeen = {
    at: clock.now(),
    kubernetesVersion,
    nodes,
    pods: podsOf(pods, idle),
    latencyMs: Math.round(proof.ms),
    apiGroups: groups,
    isSimulated: kubernetesVersion?.endsWith('+simulated') ?? false,
  };
  if (healthy?.healthy === false) {
    const values = { endpoint: '/readyz', checks: healthy.failing.join(', ') };
    return { outcome: 'degraded', cause: { code: 'API_NOT_READY', values }, uid, seen };
  }
  const { certificate } = connection;
  const expiries: Expiry[] = certificate
    ? [{ of: 'serverCertificate', subject: certificate.subject, at: certificate.notAfter }]
    : [];
  // What is not permitted, or asked too often, stays so until somebody does something.
  const lasting = missed.find(({ code }) => code === 'THROTTLED' || code === 'PERMISSION_MISSING');
  if (!lasting) {
    const { warnings: ofVersion = [] } = judgeVersion(kubernetesVersion, clock.now());
    return { outcome: 'ok', uid, seen, warnings: eachOnce([...missed, ...ofVersion].map(causeIn)), expiries };
  }
  const waits = lasting.retryAfterSeconds;
  return {
    outcome: 'degraded',
    cause: causeIn(lasting),
    ...(waits !== undefined && { retryAfterSeconds: waits }),
    uid,
    seen,
  };
}

const causeIn = ({ code, values }: Pick<DroverError, 'code' | 'values'>): Cause => ({
  code,
  values: { ...values },
});

/** Two questions about pods may meet the same trouble. */
const eachOnce = (causes: Cause[]): Cause[] => [
  ...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values(),
];

/** Cordoned ones read `Ready,SchedulingDisabled`. */
async function countNodes(connection: KubeConnection): Promise<ClusterSeen['nodes']> {
  let [total, ready] = [0, 0];
  let page: TablePage | undefined;
  do {
    const place = page?.continue === undefined ? {} : { continue: page.continue };
    page = await tableRows(connection, '/api/v1/nodes', { limit: nodesPerPage, maxBytes, ...place });
    const { rows, cell } = page;
    total += rows.length;
    ready += rows.filter((row) => String(cell(row, 'Status')).split(',').includes('Ready')).length;
  } while (page.continue !== undefined);
  return { total, part: ready };
}

/** Of those that do not run, a few rows: where they cannot be had, only how many run is left open. */
async function countIdlePods(connection: KubeConnection): Promise<number | null> {
  const idle = await tableRows(connection, '/api/v1/pods', {
    fieldSelector: 'status.phase!=Running',
    limit: idlePodsAtMost,
    maxBytes,
  });
  return idle.continue === undefined ? idle.rows.length : null;
}

function podsOf(count: Count | null, idle: number | null): ClusterSeen['pods'] {
  if (count === null) return null;
  return { total: count.count, part: idle === null ? null : Math.max(0, count.count - idle) };
}

async function countGroups(connection: KubeConnection): Promise<number> {
  const { groups } = (await asked(connection, { path: '/apis' })).json() as { groups?: unknown };
  return Array.isArray(groups) ? groups.length : 0;
}

function uidIn(namespace: unknown): string | null {
  const { metadata } = namespace as { metadata?: { uid?: unknown } };
  return typeof metadata?.uid === 'string' ? metadata.uid.slice(0, 64) : null;
}
