import type { Json } from '#reconcile';
import type { Cause, ClusterAccess, ClusterSeen, Expiry } from './model.ts';
import type { Caller, NamespaceCall } from './namespaces/calls.ts';

/**
 * What the HTTP function asks of this area's worker and waits for: all that opens or seals a secret, or must look at
 * once. Bodies are as the API takes them.
 */
export type ClusterCall =
  /** Climbs the ladder with what is given; keeps nothing. → Validation */
  | { do: 'validate'; body: ConnectionBody; capabilities?: string[] }
  /**
   * Reads, checks (unless `unchecked`) and seals what is given, for the record `id`. With `of`, a record that is
   * there: what the body leaves out is kept of it, null takes away. Always with a credential, so a kept secret never
   * meets a new server. → Prepared
   */
  | {
      do: 'prepare';
      id: string;
      version: number;
      body: ConnectionBody;
      unchecked: boolean;
      of?: string;
      by?: Caller;
    }
  /** Climbs the ladder with what is stored of a cluster; wakes it where that differs. → Validation */
  | { do: 'check'; id: string; capabilities?: string[]; by?: Caller }
  | NamespaceCall;

/** A create's and a validation's body, as far as it tells how to reach the cluster. */
export interface ConnectionBody {
  server?: string | undefined;
  ca?: string | null | undefined;
  fingerprint?: string | null | undefined;
  tlsServerName?: string | null | undefined;
  proxy?: string | null | undefined;
  credential: CredentialBody;
}

export type CredentialBody =
  | { type: 'token'; token: string }
  | { type: 'kubeconfig'; kubeconfig: string; context?: string | undefined }
  | { type: 'certificate'; certificate: string; key: string }
  | {
      type: 'eks';
      region: string;
      clusterName: string;
      accessKeyId?: string | undefined;
      secretAccessKey?: string | undefined;
      roleArn?: string | undefined;
    };

/** What becomes of the record: HTTP writes it, and never saw the secret in clear but in the request itself. */
export interface Prepared {
  /** As the ladder found it; null where it was not climbed. A failed one comes with `access: null`. */
  validation: Json;
  access: ClusterAccess | null;
  /** The value of the slot: sealed for this record and this version of its credential. */
  secret: { sealed: string } | null;
  uid: string | null;
  seen: ClusterSeen | null;
  expiries: Expiry[];
  warnings: Cause[];
}
