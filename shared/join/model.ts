import { z } from 'zod';
import { type Cause, cause } from '#errors';

/**
 * A membership as it is kept: which controller it is about, what is wanted of it, how far it has come and the state
 * that follows. Passwords, keys, tokens and CAs lie sealed in a slot beside the row, which `slot` names.
 */
const instant = z.number();

/** In the order in which a membership comes about. */
export const stages = [
  'settings',
  'controller',
  'session',
  'standalone',
  'token',
  'address',
  'primary',
  'join',
  'listed',
  'synced',
] as const;
export type Stage = (typeof stages)[number];

/** What a controller said, in its own words. */
const refusal = z.object({ status: z.int(), code: z.int().nullable(), message: z.string() });

const stageResult = z.object({
  stage: z.enum(stages),
  is: z.enum(['waiting', 'done', 'warning', 'failed']),
  cause: cause.nullable(),
  /** NeuVector's own answer, where one decided. */
  answer: refusal.nullable(),
});
export type StageResult = z.infer<typeof stageResult>;

/** host:port */
const address = z.string();

const trust = z.object({
  ca: z.object({ subject: z.string(), fingerprint: z.string(), expiresAt: instant }).nullable(),
  fingerprint: z.string().nullable(),
  tlsServerName: z.string().nullable(),
});
export type TrustView = z.infer<typeof trust>;

/** What may be shown of a credential; `version` rises with each new one. */
const credential = z.object({
  type: z.enum(['password', 'apiKey']),
  /** The user's, or the key's. */
  name: z.string(),
  version: z.int(),
  rotatedAt: instant,
});
export type CredentialView = z.infer<typeof credential>;

const controller = z.discriminatedUnion('by', [
  z.object({ by: z.literal('address'), address, trust, credential }),
  /** Through the API server's service proxy of a registered cluster: `cluster` is its id. */
  z.object({
    by: z.literal('cluster'),
    cluster: z.string(),
    namespace: z.string(),
    service: z.string(),
    port: z.int(),
    credential,
  }),
]);
export type ControllerAccess = z.infer<typeof controller>;

const primary = z.object({
  /** Its federation listener; without it the token says where. */
  federation: address.nullable(),
  /** Its REST listener, for what only its administrators may do. */
  rest: address.nullable(),
  trust,
  credential: credential.nullable(),
});
export type PrimaryAccess = z.infer<typeof primary>;

export const contracts = ['controller', 'master'] as const;
export const stayings = ['no', 'mend', 'always'] as const;

/** What is wanted of a membership that joins. */
const wish = z.object({
  storeId: z.string().nullable(),
  clusterName: z.string().nullable(),
  /** Where the primary reaches this cluster, as far as it was given. */
  advertise: z.object({ server: z.string().nullable(), port: z.int().nullable() }),
  primary: primary.nullable(),
  /** A token lies in the slot since then. */
  tokenGivenAt: instant.nullable(),
  tokenUrl: z.string().nullable(),
  maxAttempts: z.int(),
  stayJoined: z.enum(stayings),
  contract: z.enum(contracts),
});
export type Wish = z.infer<typeof wish>;

const since = { since: instant };
const state = z.discriminatedUnion('is', [
  /** `join: false`: metrics alone. */
  z.object({ is: z.literal('watching'), ...since, cause: cause.nullable() }),
  /** Not a member yet; what comes before the join is not all there, or was not looked at. */
  z.object({ is: z.literal('waiting'), ...since, cause: cause.nullable() }),
  /** Everything is there: a join is sent, was sent, or is tried again after `cause`. */
  z.object({ is: z.literal('joining'), ...since, cause: cause.nullable() }),
  z.object({ is: z.literal('joined'), ...since }),
  /** A member that is not as it should be. */
  z.object({ is: z.literal('degraded'), ...since, cause }),
  /** Put out by the primary's administrators: nothing is done until somebody says so. */
  z.object({ is: z.literal('held'), ...since, cause }),
  /** Tried no more until something changes or somebody says so. */
  z.object({ is: z.literal('failed'), ...since, cause }),
  z.object({ is: z.literal('leaving'), ...since, cause: cause.nullable() }),
  z.object({ is: z.literal('left'), ...since }),
  z.object({
    is: z.literal('paused'),
    ...since,
    until: instant.nullable(),
    reason: z.string(),
    /** Where it was no person: what the environment lacks that describes it. */
    cause: cause.nullable(),
    /** What it was before and is again afterwards; missing where it then begins anew. */
    was: z.enum(['joined', 'held', 'leaving', 'left']).exactOptional(),
  }),
]);
export type MembershipState = z.infer<typeof state>;

/** What its own controller says of its membership. */
const member = z.object({
  /** In the federation. */
  id: z.string(),
  name: z.string(),
  /** NeuVector's own word: `joined`, `synced`, `kicked` … */
  status: z.string(),
  primary: z.object({
    id: z.string(),
    name: z.string(),
    server: z.string(),
    port: z.int(),
    status: z.string(),
  }),
});
export type Member = z.infer<typeof member>;

export const tokenSources = ['given', 'url', 'primary'] as const;

const mendings = ['kicked', 'wrongPrimary', 'outOfSync'] as const;

const membershipData = z.object({
  kind: z.literal('join'),
  /** `settings`: the one that the environment describes. */
  from: z.enum(['api', 'settings']),
  /** What the settings were when they were taken over: scrypt, so that it tells nothing of them. */
  settingsMark: z.string().nullable(),
  controller,
  /** Null: for metrics alone. */
  wish: wish.nullable(),
  slot: z.string(),
  /** Of all that is sealed in the slot, which is bound to it; rises with each new slot. */
  secretVersion: z.int(),
  /** Drawn once: the federation knows this cluster by its store id and this. */
  suffix: z.string(),
  state,
  stages: z.array(stageResult),
  member: member.nullable(),
  /** Tries that count, since the last time somebody began anew. */
  attempts: z.int(),
  /** When it is tried again. */
  nextAt: instant.nullable(),
  /** A join was sent then, and what became of it was not seen yet; what was answered, where that settles nothing. */
  sent: z.object({ at: instant, cause: cause.nullable(), answer: refusal.nullable() }).nullable(),
  startedAt: instant.nullable(),
  joinedAt: instant.nullable(),
  /** The token that was used last; null where it was none yet. */
  token: z.object({ from: z.enum(tokenSources), at: instant, server: z.string(), port: z.int() }).nullable(),
  /** A new token was asked for because the last one was refused. */
  isTokenRenewed: z.boolean(),
  /** A sign-in that was refused: not tried again with the same credential. */
  refused: z
    .object({ of: z.enum(['controller', 'primary']), version: z.int(), at: instant, cause })
    .nullable(),
  /** Failed looks in a row while they are no state yet. */
  failing: z.object({ count: z.int(), since: instant, cause }).nullable(),
  outOfSyncSince: instant.nullable(),
  /** What is being put right, how often that was tried, and when last. */
  mending: z.object({ what: z.enum(mendings), count: z.int(), at: instant }).nullable(),
  checkedAt: instant.nullable(),
  /** What is worth knowing and no trouble. */
  warnings: z.array(cause),
  /** Its end was asked for together with leaving the federation. */
  leavesAtEnd: z.boolean(),
});
export type MembershipData = z.infer<typeof membershipData>;

export const lookEvery = 300;
export const usualMaxAttempts = 10;
export const usualPort = 443;
export const settingsName = 'default';

export const kinds = { join: { prefix: 'mem', schema: 1 } } as const;

/** Throws on what is no record of this kind: the engine reports such a row and leaves it alone. */
export function read(stored: unknown): MembershipData {
  return membershipData.parse(stored);
}

export type { Cause };

/** What is sealed of a membership: everything that must not be read where rows can be. */
export interface Sealed {
  controller: { ca?: string; credential: OpenedCredential };
  primary?: { ca?: string; credential?: OpenedCredential };
  /** As it was given. */
  token?: string;
}
export type OpenedCredential =
  | { type: 'password'; username: string; password: string }
  | { type: 'apiKey'; name: string; secret: string };

/** Where the federation is to find this cluster and its primary, each with whence it is known. */
export type Origin = 'given' | 'token' | 'derived' | 'controller';

/** What a stage was found to be; `reaction` says what is to be done where it failed. */
export interface StageSeen extends StageResult {
  reaction?: Reaction;
}

/**
 * What an answer means for what comes next. `stop`: nothing but a change helps. `retry`: counted, after a back-off.
 * `slowly`: counted, after the longest back-off: others have to do something first. `wait`: not counted, it is
 * somebody's turn. `newToken`: once, with a new one. `look`: it may have taken effect, which our own controller's
 * member list tells; where it has not, as `retry`. `nameTaken`: the primary's member list tells whether it is us,
 * what is left of us, or another; where that cannot be read, as `stop`. `force`: leave without the primary, which
 * knows nothing of us. `refused`: the credential is not tried again. `signIn`: the session is over.
 */
export type Reaction =
  | 'stop'
  | 'retry'
  | 'slowly'
  | 'wait'
  | 'newToken'
  | 'look'
  | 'nameTaken'
  | 'force'
  | 'refused'
  | 'signIn';

/** What one look at a membership came to. */
export interface Sight {
  /** Those that were looked at, in order, up to the first that failed. */
  stages: StageSeen[];
  /** What its own controller says: null where it could not be asked. */
  fed: FedSeen | null;
  /** How the primary lists it: null where that was not looked at, or could not be. */
  listed: { status: string | null } | null;
  token: MembershipData['token'];
  warnings: Cause[];
  /** How long its own controller took to answer. */
  latencyMs: number | null;
}

/** GET /v1/fed/member of its own controller. */
export type FedSeen =
  | { role: 'standalone' }
  | { role: 'master'; members: number }
  | { role: 'joint'; member: Member };

export interface Seen {
  /** Null where it is not looked at: paused, left, or to be deleted without leaving. */
  sight: Sight | null;
}

export type Action =
  | { do: 'join' }
  /** Without the primary's leave where `force`. */
  | { do: 'leave'; force: boolean }
  /** At the primary: what stands there under our name and address, and is not us. */
  | { do: 'clearGhost' }
  /** At the primary: rules are sent to this member again. */
  | { do: 'deploy' };

/** What an action came to. An answer that was lost is `look`: it may have taken effect. */
export type Outcome =
  | { is: 'done' }
  | { is: 'failed'; reaction: Reaction; cause: Cause; answer: Refusal | null };
export type Refusal = z.infer<typeof refusal>;

export type Did =
  | { did: 'joined'; outcome: Outcome; token: MembershipData['token'] }
  | { did: 'left'; outcome: Outcome; force: boolean }
  /** `none`: there is no such entry. `alive`: it is another cluster's. `unable`: the primary cannot be asked. */
  | { did: 'clearedGhost'; found: 'cleared' | 'none' | 'alive' | 'unable' | 'failed'; cause: Cause | null }
  | { did: 'deployed'; outcome: Outcome };
