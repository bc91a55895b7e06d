import { second } from '#time';
import type { StoredObject, User } from '../objects.ts';
import type { Named } from '../status.ts';
import {
  type AuthCluster,
  issuer,
  nodes,
  pods,
  quotedList,
  secrets,
  serviceAccounts,
} from './authCluster.ts';
import { claimsOf } from './serviceAccountKey.ts';
import { serviceAccountOf, serviceAccountUser } from './serviceAccountUser.ts';

/** Audiences are those of the wanted ones that the token is for. */
export type TokenHolder = { user: User; audiences: string[] } | { fault: string };

/** Clocks of two machines differ: a token counts a minute before and after its time. */
const leeway = 60 * second;
const unknown: TokenHolder = { fault: 'invalid bearer token' };
const faulty = (fault: string): TokenHolder => ({ fault: `[invalid bearer token, ${fault}]` });
export const legacyIssuer = 'kubernetes/serviceaccount';

/** Whose bearer token this is. The faults are what a TokenReview tells of them. */
export function tokenUser(cluster: AuthCluster, token: string, wanted: readonly string[]): TokenHolder {
  const named = cluster.credentials.tokens.get(token);
  if (named) {
    const audiences = wanted.filter((audience) => audience === issuer);
    return audiences.length > 0 ? { user: named, audiences } : unknown;
  }
  const claims = claimsOf(token);
  if (!claims || (claims.iss !== issuer && claims.iss !== legacyIssuer)) return unknown;
  const fault = cluster.credentials.serviceAccountKey.fault(token);
  if (fault) return faulty(fault);

  const claimed = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud as string[] | undefined);
  const ofToken = claimed?.length ? claimed : [issuer];
  const audiences = ofToken.filter((audience) => wanted.includes(audience));
  if (audiences.length === 0) {
    return faulty(
      `token audiences ${quotedList(ofToken)} is invalid for the target audiences ${quotedList(wanted)}`,
    );
  }
  const user = claims.iss === issuer ? boundUser(cluster, claims) : secretUser(cluster, claims, token);
  return typeof user === 'string' ? faulty(user) : { user, audiences };
}

interface Reference {
  name: string;
  uid: string;
}

/** Of a token from the TokenRequest API: the user, or why not. */
function boundUser(cluster: AuthCluster, claims: Record<string, unknown>): User | string {
  const now = cluster.clock.now();
  const time = (claim: string) => (claims[claim] === undefined ? undefined : Number(claims[claim]) * second);
  if (now + leeway < (time('nbf') ?? 0)) return 'service account token is not valid yet';
  if (now - leeway > (time('exp') ?? Number.POSITIVE_INFINITY)) return 'service account token has expired';
  if (now + leeway < (time('iat') ?? 0)) return 'service account token is issued in the future';

  const bound = (claims['kubernetes.io'] ?? {}) as Record<string, unknown>;
  const namespace = String(bound.namespace);
  const account = bound.serviceaccount as Reference;
  const isGone = (object: StoredObject): boolean =>
    object.metadata.deletionTimestamp !== undefined &&
    Date.parse(object.metadata.deletionTimestamp) < now - leeway;

  const stored = cluster.objects.get(serviceAccounts, namespace, account.name);
  if (!stored) return `serviceaccounts "${account.name}" not found`;
  if (stored.metadata.uid !== account.uid) {
    return `service account UID (${stored.metadata.uid}) does not match claim (${account.uid})`;
  }
  if (isGone(stored)) return `service account ${namespace}/${account.name} has been deleted`;

  const faultOf = (kind: string, resource: Named, inside: string | undefined, reference: Reference) => {
    const object = cluster.objects.get(resource, inside, reference.name);
    if (!object) return 'service account token has been invalidated';
    if (object.metadata.uid !== reference.uid) {
      return `${kind} UID (${object.metadata.uid}) does not match service account ${kind} ref claim (${reference.uid})`;
    }
    return isGone(object) ? 'service account token has been invalidated' : undefined;
  };
  const secret = bound.secret as Reference | undefined;
  const pod = bound.pod as Reference | undefined;
  const node = bound.node as Reference | undefined;
  const fault =
    (secret && faultOf('secret', secrets, namespace, secret)) ||
    (pod && faultOf('pod', pods, namespace, pod)) ||
    // A pod's token names the node for information; only a token bound to a node alone depends on it.
    (node && !pod && faultOf('node', nodes, undefined, node));
  if (fault) return fault;

  const key = 'authentication.kubernetes.io/';
  return serviceAccountUser(namespace, account.name, account.uid, {
    ...(claims.jti ? { [`${key}credential-id`]: [`JTI=${claims.jti}`] } : {}),
    ...(node ? { [`${key}node-name`]: [node.name] } : {}),
    ...(node?.uid ? { [`${key}node-uid`]: [node.uid] } : {}),
    ...(pod ? { [`${key}pod-name`]: [pod.name], [`${key}pod-uid`]: [pod.uid] } : {}),
  });
}

/** Of a token that lies in a Secret for as long as the Secret does. */
function secretUser(cluster: AuthCluster, claims: Record<string, unknown>, token: string): User | string {
  const claim = (name: string) => String(claims[`kubernetes.io/serviceaccount/${name}`] ?? '');
  const namespace = claim('namespace');
  const name = claim('service-account.name');
  const uid = claim('service-account.uid');
  const subject = serviceAccountOf(String(claims.sub ?? ''));
  if (subject?.namespace !== namespace || subject.name !== name) return 'sub claim is invalid';

  const secret = cluster.objects.get(secrets, namespace, claim('secret.name'));
  if (!secret || secret.metadata.deletionTimestamp) return 'Token has been invalidated';
  const data = (secret.data ?? {}) as Record<string, string>;
  if (Buffer.from(data.token ?? '', 'base64').toString() !== token) {
    return "Token does not match server's copy";
  }
  const stored = cluster.objects.get(serviceAccounts, namespace, name);
  if (!stored) return `serviceaccounts "${name}" not found`;
  if (stored.metadata.deletionTimestamp) return `ServiceAccount ${namespace}/${name} has been deleted`;
  if (stored.metadata.uid !== uid) {
    return `ServiceAccount UID (${stored.metadata.uid}) does not match claim (${uid})`;
  }
  return serviceAccountUser(namespace, name, uid);
}
