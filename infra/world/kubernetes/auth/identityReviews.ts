import { second } from '#time';
import type { KubeObject, User } from '../objects.ts';
import { badRequest } from '../status.ts';
import { issuer } from './authCluster.ts';
import { authenticated } from './authenticate.ts';
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
  const { token, audiences } = (body.spec ?? {}) as { token?: string; audiences?: string[] };
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const holder = tokenUser(cluster, token, audiences?.length ? audiences : [issuer]);
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
