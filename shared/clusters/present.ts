import { type Language, unreachable } from '#errors';
import type { Json, Row } from '#reconcile';
import { type Instant, iso } from '#time';
import { endName, expiringFinding } from './expiring.ts';
import { found } from './finding.ts';
import { supportEndOf } from './ladder/versionWindow.ts';
import type { Cause, ClusterData, ClusterSeen, ClustersData, CredentialView } from './model.ts';
import { syncPart } from './sync/part.ts';
import { sayCause } from './texts.ts';

type Shown = Record<string, Json>;

/** A record of this area as the API and webhooks show it, in the reader's language. Made up name by name: no secret slips in. */
export function present(row: Row<ClustersData>, language: Language = 'en'): Shown {
  const { data } = row;
  switch (data.kind) {
    case 'cluster':
      return presentCluster({ ...row, data }, language);
    case 'sync':
      return syncPart.present({ ...row, data });
    case 'fleet':
      return { state: data.suspected ? 'suspected' : 'well', cause: data.suspected?.cause ?? null };
    default:
      return unreachable(data);
  }
}

/** The cause that is told: of the state, or of the failure that may become one. */
export function causeOf({ state, failing, uid }: ClusterData): Cause | null {
  if ('cause' in state) return state.cause;
  if (state.is === 'held')
    return { code: 'CLUSTER_IDENTITY_CHANGED', values: { before: uid ?? '', uid: state.uid } };
  return failing?.cause ?? null;
}

/** Given to what is registered only to be tried: it says so also while nobody has seen the cluster's version. */
const simulatedLabel = 'drover.dev/simulated';

/** Null: not known yet. A simulated cluster's version says so, and no label hides it. */
export const isSimulated = ({ labels, data }: Pick<Row<ClusterData>, 'labels' | 'data'>): boolean | null =>
  labels[simulatedLabel] === 'true' || (data.seen?.isSimulated ?? null);

function presentCluster(row: Row<ClusterData>, language: Language): Shown {
  const { data, everySeconds, deletedAt } = row;
  const { access, state, sync, seen } = data;
  const cause = causeOf(data);
  const said = cause && sayCause(cause, language);
  return {
    state: state.is,
    cause: cause?.code ?? null,
    message: said?.message ?? (state.is === 'paused' ? state.reason : null),
    remedy: said?.remedy ?? null,
    since: iso(state.since),
    checkedAt: time(data.checkedAt),
    server: access.server,
    ca: access.ca && { ...access.ca, expiresAt: iso(access.ca.expiresAt) },
    fingerprint: access.fingerprint,
    tlsServerName: access.tlsServerName,
    proxy: access.proxy,
    verified: access.isVerified,
    credential: presentCredential(access.credential),
    checkEverySeconds: everySeconds,
    sync: sync && { kinds: sync.kinds, everySeconds: sync.everySeconds },
    pause: state.is === 'paused' ? { until: time(state.until), reason: state.reason } : null,
    uid: data.uid,
    heldUid: state.is === 'held' ? state.uid : null,
    simulated: isSimulated(row),
    ...presentSeen(seen),
    warnings: warningsOf(data).map((warning) => ({
      code: warning.code,
      ...sayCause(warning, language),
      ...(typeof warning.values.days === 'number' && { days: warning.values.days }),
    })),
    ...(deletedAt !== undefined && { leftBehind: leftBehind(data) }),
  };
}

export const presentCredential = ({ issuedAt: _, serviceAccount, ...shown }: CredentialView): Json => ({
  ...shown,
  expiresAt: time(shown.expiresAt),
  rotatedAt: iso(shown.rotatedAt),
  serviceAccount,
});

/** The last that was seen, with its time: while a cluster does not answer, that is how old it is. */
function presentSeen(seen: ClusterSeen | null): Shown {
  return {
    lastSuccessAt: time(seen?.at ?? null),
    kubernetesVersion: seen?.kubernetesVersion ?? null,
    supportedUntil: supportEndOf(seen?.kubernetesVersion ?? null),
    nodes: seen?.nodes ? { total: seen.nodes.total, ready: seen.nodes.part } : null,
    pods: seen?.pods ? { total: seen.pods.total, running: seen.pods.part } : null,
    latencyMs: seen?.latencyMs ?? null,
    apiGroups: seen?.apiGroups ?? null,
  };
}

/** What looks found, what ends soon, what could not be renewed, and what will be so for ever. */
function warningsOf({ access, accessWarnings, expiries, renewal, warned, warnings }: ClusterData): Cause[] {
  return [
    ...accessWarnings,
    ...warnings,
    ...expiries.flatMap((expiry) => {
      const days = warned[endName(expiry)];
      return days === undefined ? [] : [expiringFinding(expiry, days)];
    }),
    ...(renewal ? [renewal.cause] : []),
    ...(access.isVerified ? [] : [found('SERVER_UNVERIFIED')]),
  ];
}

/** What somebody applied in the cluster for Drover is not Drover's to remove: it says what is there. */
function leftBehind({ access: { credential } }: ClusterData): Json {
  const { serviceAccount, subject, type } = credential;
  if (serviceAccount) {
    return [
      { kind: 'ServiceAccount', ...serviceAccount },
      // One of each for every capability that was granted.
      ...['ClusterRole', 'ClusterRoleBinding'].map((kind) => ({
        kind,
        name: `${serviceAccount.name}-*`,
        namespace: null,
      })),
    ];
  }
  return type === 'eks' || subject === null ? [] : [{ kind: 'User', name: subject, namespace: null }];
}

const time = (at: Instant | null): string | null => (at === null ? null : iso(at));
