import { DroverError, keptCause, shown } from '#errors';
import {
  asked,
  type CallOptions,
  type Count,
  countOf,
  health,
  type KubeAnswer,
  type KubeConnection,
  tableRows,
  version,
} from '#kubernetes';
import { tooLate } from '#net';
import { type Clock, second } from '#time';
import { isSimulatedVersion } from './isSimulatedVersion.ts';
import { judgeVersion } from './ladder/judgeVersion.ts';
import type { Cause, ClusterSeen, CredentialView, Expiry, Look } from './model.ts';
import { troubleOf } from './troubleOf.ts';
import { uidIn } from './uidIn.ts';

/** A row of nodes is some 242 B: 5,000 of them are one page. */
const nodesPerPage = 5_000;
/** Pods that do not run are few; where they are not, how many do is left open. */
const idlePodsAtMost = 2_000;
const maxBytes = 8 * 1_048_576;
/** A server that always has one more page is not followed for ever. */
const mostNodePages = 20;
/** For all that is asked beside who it is: a round has others to look at, and its end waits for this one. */
const longestLook = 10 * second;

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
  const done = new AbortController();
  const late = new AbortController();
  void clock.sleep(longestLook, done.signal).then(() => late.abort());
  const within: CallOptions = { signal: late.signal };
  /** A part that could not be had leaves the others: only its count is unknown. */
  const part = async <T>(call: Promise<T>): Promise<T | null> => {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      missed.push(error.code === 'CALL_ABORTED' ? tooLate('http', proof.asked, longestLook) : error);
      return null;
    }
  };
  const [healthy, about, nodes, pods, idle, groups] = await Promise.all([
    part(health(connection, '/readyz', within)),
    part(version(connection, within)),
    part(countNodes(connection, within)),
    part(countOf(connection, '/api/v1/pods', within)),
    part(countIdlePods(connection, within)),
    apiGroups === 'count' ? part(countGroups(connection, within)) : apiGroups,
  ]).finally(() => done.abort('done'));
  const uid = uidIn(proof.json());
  const kubernetesVersion = about?.gitVersion ?? null;
  const seen: ClusterSeen = {
    at: clock.now(),
    kubernetesVersion,
    nodes,
    pods: podsOf(pods, idle),
    latencyMs: Math.round(proof.ms),
    apiGroups: groups,
    isSimulated: isSimulatedVersion(kubernetesVersion),
  };
  if (healthy?.healthy === false) {
    const values = { endpoint: '/readyz', checks: shown(healthy.failing.join(', ')) };
    return { outcome: 'degraded', cause: { code: 'API_NOT_READY', values }, uid, seen };
  }
  const { certificate } = connection;
  const expiries: Expiry[] = certificate
    ? [{ of: 'serverCertificate', subject: certificate.subject, at: certificate.notAfter }]
    : [];
  // What is not permitted, or asked too often, stays so until somebody does something. Always told in one order.
  const lasting = ['PERMISSION_MISSING', 'THROTTLED']
    .map((lasts) => missed.find(({ code }) => code === lasts))
    .find((one) => one !== undefined);
  if (!lasting) {
    const { warnings: ofVersion = [] } = judgeVersion(kubernetesVersion, clock.now());
    return {
      outcome: 'ok',
      uid,
      seen,
      warnings: eachOnce([...missed, ...ofVersion].map(keptCause)),
      expiries,
    };
  }
  const waits = lasting.retryAfterSeconds;
  return {
    outcome: 'degraded',
    cause: keptCause(lasting),
    ...(waits !== undefined && { retryAfterSeconds: waits }),
    uid,
    seen,
  };
}

/** Two questions about pods may meet the same trouble. */
const eachOnce = (causes: Cause[]): Cause[] => [
  ...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values(),
];

/** Cordoned ones read `Ready,SchedulingDisabled`. */
async function countNodes(connection: KubeConnection, within: CallOptions): Promise<ClusterSeen['nodes']> {
  let [total, ready] = [0, 0];
  let place: { continue?: string } = {};
  for (let pages = 0; pages < mostNodePages; pages++) {
    const page = await tableRows(connection, '/api/v1/nodes', {
      ...within,
      ...place,
      limit: nodesPerPage,
      maxBytes,
    });
    const { rows, cell } = page;
    total += rows.length;
    ready += rows.filter((row) => String(cell(row, 'Status')).split(',').includes('Ready')).length;
    if (page.continue === undefined) return { total, part: ready };
    place = { continue: page.continue };
  }
  return null;
}

/** Of those that do not run, a few rows: where they cannot be had, only how many run is left open. */
async function countIdlePods(connection: KubeConnection, within: CallOptions): Promise<number | null> {
  const idle = await tableRows(connection, '/api/v1/pods', {
    ...within,
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

async function countGroups(connection: KubeConnection, within: CallOptions): Promise<number> {
  const { groups } = (await asked(connection, { ...within, path: '/apis' })).json() as { groups?: unknown };
  return Array.isArray(groups) ? groups.length : 0;
}
