import type { Clock } from '#time';
import type { StoredObject, User } from '../objects.ts';
import type { Named } from '../status.ts';
import type { ServiceAccountKey } from './serviceAccountKey.ts';

/** What of a simulated cluster decides who someone is and what he may do. */
export interface AuthCluster {
  clock: Clock;
  objects: StoredObjects;
  credentials: Credentials;
}

export interface StoredObjects {
  get(resource: Named, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: Named, namespace?: string): StoredObject[];
  /** Changes with every write to the resource. */
  revisionOf(resource: Named): number;
}

export interface Credentials {
  /** Bearer tokens that are not of service accounts. */
  tokens: ReadonlyMap<string, User>;
  serviceAccountKey: ServiceAccountKey;
  /** PEM of the CA that pods are given to trust. */
  caCertificate: string;
}

export const issuer = 'https://kubernetes.default.svc.cluster.local';

export const serviceAccounts: Named = { group: '', name: 'serviceaccounts' };
export const secrets: Named = { group: '', name: 'secrets' };
export const pods: Named = { group: '', name: 'pods' };
export const nodes: Named = { group: '', name: 'nodes' };

/** As Go prints a string, and a list of them, with `%q`. */
export const quoted = (text: string): string => JSON.stringify(text);
export const quotedList = (texts: readonly string[]): string => `[${texts.map(quoted).join(' ')}]`;
