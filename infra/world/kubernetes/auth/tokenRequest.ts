import { randomUUID } from 'node:crypto';
import { second } from '#time';
import type { KubeObject, StoredObject } from '../objects.ts';
import { badRequest, type Cause, conflict, type Named, notFound } from '../status.ts';
import { invalid, notValid } from '../validation/causes.ts';
import { type AuthCluster, issuer, nodes, pods, secrets, serviceAccounts } from './authCluster.ts';
import { userNameOf } from './serviceAccountUser.ts';
import type { VirtualRequest } from './virtual.ts';

const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' };

interface Spec {
  audiences?: string[];
  expirationSeconds?: number;
  boundObjectRef?: Reference | null;
  attestations?: Record<string, string[]>;
}

interface Reference {
  apiVersion?: string;
  kind?: string;
  name?: string;
  uid?: string;
}

/** What pods ask for, so that a token that is used past its hour can be warned of: it lasts a year. */
const warnedSeconds = 3607;
const yearSeconds = 365 * 24 * 3600;

/** Creates `serviceaccounts/NAME/token`: a token for some time, for some audiences, bound to an object or not. */
export function tokenRequest({ cluster, body, namespace = '', name = '' }: VirtualRequest): KubeObject {
  const { metadata } = body;
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.name && metadata.name !== name) {
    const why = 'must match the service account name if specified';
    throw invalid(kind, name, [notValid('metadata.name', metadata.name, why)]);
  }
  const account = cluster.objects.get(serviceAccounts, namespace, name);
  if (!account) throw notFound(serviceAccounts, name);
  const uid = account.metadata.uid!;
  if (metadata.uid && metadata.uid !== uid) {
    throw conflict(
      { group: kind.group, name: kind.kind },
      name,
      `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`,
    );
  }

  const spec = (body.spec ?? {}) as Spec;
  const audiences = spec.audiences?.length ? spec.audiences : [issuer];
  const expirationSeconds = spec.expirationSeconds ?? 3600;
  refuseSpec(spec, expirationSeconds);

  const bound = spec.boundObjectRef ? boundTo(cluster, namespace, name, spec.boundObjectRef) : {};
  const now = cluster.clock.now();
  const isExtended =
    bound.pod && expirationSeconds === warnedSeconds && audiences.every((audience) => audience === issuer);
  const issued = Math.floor(now / second);
  const token = cluster.credentials.serviceAccountKey.sign({
    aud: audiences,
    exp: issued + (isExtended ? yearSeconds : expirationSeconds),
    iat: issued,
    iss: issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(bound.node ? { node: referenceTo(bound.node) } : {}),
      ...(bound.pod ? { pod: referenceTo(bound.pod) } : {}),
      ...(bound.secret ? { secret: referenceTo(bound.secret) } : {}),
      serviceaccount: referenceTo(account),
      ...(isExtended ? { warnafter: issued + warnedSeconds } : {}),
    },
    nbf: issued,
    sub: userNameOf(namespace, name),
  });
  const rfc3339 = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...metadata, name, namespace, uid, creationTimestamp: rfc3339(now) },
    spec: { ...spec, audiences, expirationSeconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: rfc3339(now + expirationSeconds * second) },
  };
}

function refuseSpec({ attestations = {} }: Spec, expirationSeconds: number): void {
  const causes: Cause[] = [];
  const refuse = (why: string) => causes.push(notValid('spec.expirationSeconds', expirationSeconds, why));
  if (expirationSeconds < 600) refuse('may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32) refuse('may not specify a duration larger than 2^32 seconds');
  if (Object.keys(attestations).length > 0) {
    const why = 'attestations may only be specified with a webhook bound object reference';
    throw invalid(kind, '', [notValid('spec.attestations', attestations, why)]);
  }
  if (causes.length > 0) throw invalid(kind, '', causes);
}

const referenceTo = ({ metadata: { name, uid } }: StoredObject) => ({ name, ...(uid ? { uid } : {}) });

interface Bound {
  pod?: StoredObject;
  node?: StoredObject;
  secret?: StoredObject;
}

function boundTo(cluster: AuthCluster, namespace: string, account: string, reference: Reference): Bound {
  const { apiVersion = '', kind: what = '', name = '', uid } = reference;
  const found = (resource: Named, inside?: string): StoredObject => {
    const object = cluster.objects.get(resource, inside, name);
    if (!object) throw notFound(resource, name);
    if (uid && object.metadata.uid !== uid) {
      throw conflict(
        { group: '', name: what },
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    }
    return object;
  };
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  if (group === '' && what === 'Secret') return { secret: found(secrets, namespace) };
  if (group === '' && what === 'Node') return { node: found(nodes) };
  if (group !== '' || what !== 'Pod') {
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${what}`);
  }
  const pod = found(pods, namespace);
  const { serviceAccountName, nodeName } = (pod.spec ?? {}) as Record<string, string | undefined>;
  if (serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
    );
  }
  if (!nodeName) return { pod };
  return { pod, node: cluster.objects.get(nodes, undefined, nodeName) ?? { metadata: { name: nodeName } } };
}
