import type { Actor } from '#reconcile';
import type { ControllerAccess, StageSeen, Wish } from './model.ts';

/**
 * What the HTTP function asks of this area's worker and waits for: all that opens or seals a secret, or must look at
 * once. Bodies are as the API takes them.
 */
export type JoinCall =
  /**
   * Reads and seals what is given, for the record `id`, as version `version` of its secrets. With `of`, a record that
   * is there: what the body leaves out is kept of it, null takes away. → Prepared
   */
  | { do: 'prepare'; id: string; version: number; body: MembershipBody; of?: string; by?: Caller }
  /** Looks at all that is harmless, from the settings to the primary, and changes nothing. → Preflight */
  | { do: 'preflight'; id: string; by?: Caller }
  /** → Scraped */
  | { do: 'scrape'; id: string; compat: boolean; enforcerStats?: boolean }
  /** Makes, changes or pauses the membership that the environment describes. → { done: string } */
  | { do: 'settings' };

/** Whoever has a stored credential opened stands in the audit. */
export interface Caller {
  actor: Actor;
  requestId?: string;
}

/** What a create's body says; a patch's may leave everything out. All addresses are host:port. */
export interface MembershipBody {
  join?: boolean | undefined;
  storeId?: string | null | undefined;
  clusterName?: string | null | undefined;
  controller?: ControllerBody | undefined;
  advertise?: { server?: string | null | undefined; port?: number | null | undefined } | null | undefined;
  primary?: PrimaryBody | null | undefined;
  token?: string | null | undefined;
  tokenUrl?: string | null | undefined;
  maxAttempts?: number | undefined;
  stayJoined?: Wish['stayJoined'] | undefined;
  contract?: Wish['contract'] | undefined;
}

export interface ControllerBody {
  address?: string | undefined;
  ca?: string | null | undefined;
  fingerprint?: string | null | undefined;
  tlsServerName?: string | null | undefined;
  /** A registered cluster, by id or name. */
  cluster?: string | undefined;
  namespace?: string | undefined;
  service?: string | undefined;
  port?: number | undefined;
  credential?: CredentialBody | undefined;
}

export interface PrimaryBody {
  federation?: string | null | undefined;
  rest?: string | null | undefined;
  ca?: string | null | undefined;
  credential?: CredentialBody | null | undefined;
}

export type CredentialBody =
  | { type: 'password'; username: string; password: string }
  | { type: 'apiKey'; name: string; secret: string };

/** What becomes of the record: HTTP writes it, and never saw the secrets but in the request itself. */
export interface Prepared {
  controller: ControllerAccess;
  /** Null: `join: false`. */
  wish: Wish | null;
  /** The value of the slot: sealed for this record and this version. */
  secret: { sealed: string };
}

export interface Preflight {
  outcome: 'ok' | 'warning' | 'failed';
  /** Of the stage that failed. */
  code: string | null;
  failedStage: string | null;
  startedAt: number;
  tookMs: number;
  stages: StageSeen[];
}

export interface Scraped {
  /** Exposition text, gzip, base64: a call's answer must not be large. */
  gzip: string;
  contentType: string;
}
