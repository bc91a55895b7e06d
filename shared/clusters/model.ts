import { z } from 'zod';
import { type Cause, cause } from '#errors';
import { syncKinds } from './sync/kinds.ts';
import { syncData } from './sync/model.ts';

/**
 * A cluster as it is kept: what is wanted of it, what was last seen, and the state that follows from both. Secrets and
 * the CA lie sealed in a slot beside the row, which `slot` names.
 */
export const checkIntervals = [60, 300, 900, 3600] as const;
export const usualInterval = 300;

export { type SyncKind, syncKinds } from './sync/kinds.ts';

const instant = z.number();

export type { Cause } from '#errors';

const state = z.discriminatedUnion('is', [
  /** Stored, and not yet looked at with success. */
  z.object({ is: z.literal('pending'), since: instant }),
  z.object({ is: z.literal('healthy'), since: instant }),
  /** It answers, and something is the matter. */
  z.object({ is: z.literal('degraded'), since: instant, cause }),
  z.object({ is: z.literal('unreachable'), since: instant, cause }),
  z.object({ is: z.literal('unauthorized'), since: instant, cause }),
  /** Not looked at until then, or until somebody resumes it. */
  z.object({
    is: z.literal('paused'),
    since: instant,
    until: instant.nullable(),
    reason: z.string(),
  }),
  /** Another cluster answers at its address: nothing is done there until a person has confirmed it. */
  z.object({ is: z.literal('held'), since: instant, uid: z.string() }),
]);
export type ClusterState = z.infer<typeof state>;

const expiry = z.object({
  of: z.enum(['token', 'certificate', 'ca', 'serverCertificate']),
  subject: z.string(),
  at: instant,
});

/** What may be shown of a credential. */
const credential = z.object({
  type: z.enum(['token', 'kubeconfig', 'certificate', 'eks']),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  fingerprint: z.string().nullable(),
  issuedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  rotatedAt: instant,
  /** Rises with each new one; what is sealed is bound to it. */
  version: z.int(),
  /** Whose token it is, where Drover may renew it. */
  serviceAccount: z.object({ namespace: z.string(), name: z.string() }).nullable(),
});
export type CredentialView = z.infer<typeof credential>;

/** How the cluster is reached and recognised: without secrets. */
const access = z.object({
  server: z.string(),
  /** Of the CA that is trusted; null where the public ones are. */
  ca: z.object({ subject: z.string(), fingerprint: z.string(), expiresAt: instant }).nullable(),
  fingerprint: z.string().nullable(),
  tlsServerName: z.string().nullable(),
  /** Without user and password, which are sealed. */
  proxy: z.string().nullable(),
  /** False only by an administrator's leave. */
  isVerified: z.boolean(),
  credential,
});
export type ClusterAccess = z.infer<typeof access>;

const counted = z.object({ total: z.int(), part: z.int().nullable() });

/** What the last successful look saw. A count that could not be had is null, and the others stand. */
const seen = z.object({
  at: instant,
  kubernetesVersion: z.string().nullable(),
  /** `part`: how many are ready. */
  nodes: counted.nullable(),
  /** `part`: how many run. */
  pods: counted.nullable(),
  latencyMs: z.number(),
  apiGroups: z.int().nullable(),
  isSimulated: z.boolean(),
});
export type ClusterSeen = z.infer<typeof seen>;

const clusterData = z.object({
  kind: z.literal('cluster'),
  access,
  slot: z.string(),
  sync: z
    .object({
      kinds: z.array(z.enum(syncKinds)),
      everySeconds: z.int(),
    })
    .nullable(),
  /** The record that does it knows of the last change. */
  isSyncTold: z.boolean(),
  /** Of its kube-system namespace: who it is. */
  uid: z.string().nullable(),
  state,
  /** Failed looks in a row, while they are not yet, or no longer only, a state. */
  failing: z
    .object({ outcome: z.enum(['degraded', 'unreachable']), count: z.int(), since: instant, cause })
    .nullable(),
  /** Successful looks in a row after trouble. */
  recovering: z.int(),
  checkedAt: instant.nullable(),
  seen: seen.nullable(),
  /** What ends when: of the credential, the CA and the server's chain. */
  expiries: z.array(expiry),
  /** The narrowest stage in days that was told, by what ends. */
  warned: z.record(z.string(), z.int()),
  /** What the last look found that is worth knowing and no trouble yet. */
  warnings: z.array(cause),
  /** What was found of its credential and its CA when they were given: true until others are. */
  accessWarnings: z.array(cause).default([]),
  /** The last attempt to renew the token that came to nothing. */
  renewal: z.object({ attempt: z.int(), failedAt: instant, cause }).nullable(),
});
export type ClusterData = z.infer<typeof clusterData>;
export type Expiry = ClusterData['expiries'][number];

/** The row of rule 15: whether many failures are our own fault. */
const fleetData = z.object({
  kind: z.literal('fleet'),
  /** While it is suspected. */
  suspected: z.object({ since: instant, cause: z.string() }).nullable(),
});
export type FleetData = z.infer<typeof fleetData>;

export const fleetId = 'flt_clusters';

const data = z.discriminatedUnion('kind', [clusterData, fleetData, syncData]);
export type ClustersData = z.infer<typeof data>;

export const kinds = {
  cluster: { prefix: 'clu', schema: 1 },
  fleet: { prefix: 'flt', schema: 1 },
  sync: { prefix: 'syn', schema: 1 },
} as const;

/** Throws on what is no record of this kind: the engine reports such a row and leaves it alone. */
export function read(stored: unknown, _schema: number, kind: string): ClustersData {
  const found = data.parse(stored);
  if (found.kind !== kind) throw new Error(`A ${kind} holds the data of a ${found.kind}.`);
  return found;
}

/** What one look at a cluster came to; `decide` makes a state of it. */
export type Look =
  | {
      outcome: 'ok';
      uid: string | null;
      seen: ClusterSeen;
      warnings: Cause[];
      /** Of the server's certificate and its chain. */
      expiries: Expiry[];
    }
  /** It answers, but not as it should. Where it still told something, that is here. */
  | {
      outcome: 'degraded';
      cause: Cause;
      retryAfterSeconds?: number;
      uid: string | null;
      seen: ClusterSeen | null;
    }
  | { outcome: 'unreachable'; cause: Cause }
  | { outcome: 'unauthorized'; cause: Cause };

export interface Seen {
  /** Null where it is not looked at: paused, or to be deleted. */
  look: Look | null;
  /** Since when our own fault is suspected, and the code with which all fail. */
  ownFault: FleetData['suspected'];
}

export type Action = { do: 'renew' } | { do: 'sync' };

export type Did =
  | { did: 'renewed'; sealed: string; credential: CredentialView }
  /** `version` is the credential's. */
  | { did: 'renewFailed'; version: number; cause: Cause }
  /** `version` is the record's that its sync was told of. */
  | { did: 'synced'; version: number };
