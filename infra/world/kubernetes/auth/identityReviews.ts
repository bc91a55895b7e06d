import { second } from '#time';
import type { KubeObject, User } from '../objects.ts';
import { badRequest } from '../status.ts';
import { issuer } from './authCluster.ts';
import { anonymous, authenticated, bearerToken } from './authenticate.ts';
import { tokenUser } from './tokenUser.ts';
import type { VirtualRequest } from './virtual.ts';

/** Who the requester is. */
export function selfSubjectReview({ cluster, user, body }: VirtualRequest): KubeObject {
  const now = new Date(Math.floor(cluster.clock.now() / second) * second);
  return {
    kind: body.kind,
    apiVersion: body.apiVersion,
    metadata: { creationTimestamp: now.toISOString().replace('.000', '') },
    status: { userInfo: userInfo(user) },
  };
}

/** Whose token this is. */
export function tokenReview({ cluster, body }: VirtualRequest): KubeObject {
  const spec = (body.spec ?? {}) as { token?: string; audiences?: string[] };
  if (!spec.token) throw badRequest('token is required for TokenReview in authentication');
  const audiences = spec.audiences?.length ? spec.audiences : [issuer];
  // Put into a header as it is: one that begins with a space is none there.
  const token = bearerToken(`Bearer ${spec.token}`);
  const holder = token ? tokenUser(cluster, token, audiences) : { user: anonymous, audiences };
  const status =
    'fault' in holder
      ? { user: {}, error: holder.fault }
      : { authenticated: true, user: userInfo(authenticated(holder.user)), audiences: holder.audiences };
  return { ...body, status };
}

const userInfo = ({ name, uid, groups, extra = {} }: User) => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups } : {}),
  ...(Object.keys(extra).length > 0 ? { extra } : {}),
});
