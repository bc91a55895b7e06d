import type { Net } from '#net';
import type { Clock } from '#time';
import type { Capability, ServiceAccount } from '../accessManifest/permissions.ts';
import type { LocalParts } from '../credential/checkLocally.ts';
import type { Expiry } from '../credential/expiry.ts';
import type { EksBearers } from '../eks/eksBearer.ts';
import type { Budgets } from './budgets.ts';
import type { JudgedPermission, Validation } from './validation.ts';

/** A cluster to be tried, a kubeconfig having been taken apart. */
export interface LadderInput extends LocalParts {
  readonly server: string;
  readonly tlsServerName?: string;
  /** `http://host:port` or `https://host:port`: everything goes through it. */
  readonly proxy?: string;
  /** The server is not verified, by an administrator's leave. */
  readonly insecure?: boolean;
  readonly capabilities: readonly Capability[];
  /** Whose token is renewed; left out where the credential itself says whose it is. */
  readonly serviceAccount?: ServiceAccount;
}

/** What is known of clusters besides the one that is tried. */
export interface KnownClusters {
  /** The UID with which this one was registered; null for one that is not. */
  readonly uid: string | null;
  othersWith(uid: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

export interface LadderPorts {
  readonly net: Net;
  readonly clock: Clock;
  readonly known?: KnownClusters;
  readonly eks: EksBearers;
  readonly budgets?: Partial<Budgets>;
}

/** What was seen on the way, as far as it went. */
export interface Seen {
  readonly uid: string | null;
  readonly kubernetesVersion: string | null;
  readonly nodes: number | null;
  readonly pods: number | null;
  readonly apiGroups: readonly string[] | null;
  readonly latencyMs: number | null;
  /** Theirs less ours. */
  readonly clockSkewMs: number | null;
  /** Of the credential, the CA and the server's certificates. */
  readonly expiries: readonly Expiry[];
  readonly identity: { readonly username: string; readonly groups: readonly string[] } | null;
  readonly permissions: readonly JudgedPermission[];
}

export interface Climbed {
  readonly validation: Validation;
  readonly seen: Seen;
}
