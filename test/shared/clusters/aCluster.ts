import type { Row } from '#reconcile';
import type { Cause, ClusterData, ClusterSeen, Look } from '../../../shared/clusters/model.ts';

export const start = Date.parse('2026-03-01T10:00:00Z');

export const aView = (
  more: Partial<ClusterData['access']['credential']> = {},
): ClusterData['access']['credential'] => ({
  type: 'token',
  subject: 'system:serviceaccount:drover-system:drover',
  issuer: 'https://kubernetes.default.svc',
  fingerprint: '00ff',
  issuedAt: null,
  expiresAt: null,
  rotatedAt: start,
  version: 1,
  serviceAccount: { namespace: 'drover-system', name: 'drover' },
  ...more,
});

export const aSeen = (more: Partial<ClusterSeen> = {}): ClusterSeen => ({
  at: start,
  kubernetesVersion: 'v1.37.1',
  nodes: { total: 3, part: 3 },
  pods: { total: 20, part: 19 },
  latencyMs: 12,
  apiGroups: 22,
  isSimulated: false,
  ...more,
});

export const clusterData = (more: Partial<ClusterData> = {}): ClusterData => ({
  kind: 'cluster',
  access: {
    server: 'https://10.1.2.3:6443',
    ca: null,
    fingerprint: null,
    tlsServerName: null,
    proxy: null,
    isVerified: true,
    credential: aView(),
  },
  slot: 's1_x',
  sync: null,
  isSyncTold: true,
  uid: 'uid-1',
  state: { is: 'healthy', since: start },
  failing: null,
  recovering: 0,
  checkedAt: start,
  seen: aSeen(),
  expiries: [],
  warned: {},
  warnings: [],
  accessWarnings: [],
  renewal: null,
  ...more,
});

export const aCluster = (
  data: Partial<ClusterData> = {},
  more: Partial<Row<ClusterData>> = {},
): Row<ClusterData> => ({
  id: 'clu_1',
  kind: 'cluster',
  name: 'store-1',
  labels: {},
  version: 1,
  createdAt: start,
  updatedAt: start,
  deletedAt: undefined,
  everySeconds: 300,
  attempt: 0,
  trouble: undefined,
  data: clusterData(data),
  ...more,
});

export const refused: Cause = { code: 'TCP_REFUSED', values: { host: '10.1.2.3', port: 6443 } };
export const throttled: Cause = { code: 'THROTTLED', values: {} };
export const rejected: Cause = { code: 'AUTH_REJECTED', values: {} };

export const ok = (more: Partial<Extract<Look, { outcome: 'ok' }>> = {}): Look => ({
  outcome: 'ok',
  uid: 'uid-1',
  seen: aSeen(),
  warnings: [],
  expiries: [],
  ...more,
});
export const down: Look = { outcome: 'unreachable', cause: refused };
export const ill: Look = { outcome: 'degraded', cause: throttled, uid: null, seen: null };
export const shut: Look = { outcome: 'unauthorized', cause: rejected };
