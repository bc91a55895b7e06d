import { DroverError } from '#errors';
import type { KubeConnection } from './access.ts';
import { asked, type CallOptions } from './asked.ts';
import { record, recordIn, textIn, textsIn } from './shapes.ts';

export interface Identity {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** Whom the cluster takes us for; undefined where it is too old to say (before 1.28). */
export async function whoAmI(
  connection: KubeConnection,
  options: CallOptions = {},
): Promise<Identity | undefined> {
  const apiVersion = 'authentication.k8s.io/v1';
  try {
    const answer = await asked(connection, {
      ...options,
      method: 'POST',
      path: `/apis/${apiVersion}/selfsubjectreviews`,
      body: { apiVersion, kind: 'SelfSubjectReview' },
    });
    const user = recordIn(recordIn(record(answer), 'status'), 'userInfo');
    const uid = textIn(user, 'uid');
    return {
      username: textIn(user, 'username') ?? '',
      ...(uid && { uid }),
      groups: textsIn(user, 'groups'),
    };
  } catch (error) {
    if (error instanceof DroverError && error.code === 'OBJECT_NOT_FOUND') return undefined;
    throw error;
  }
}

/** What is to be done: with a resource, or at a path that belongs to none. */
export type Attempt =
  | {
      verb: string;
      group?: string;
      resource: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    }
  | { verb: string; path: string };

/** Whether we may. The authorizer's own words, where it gives any, are for people. */
export async function may(
  connection: KubeConnection,
  attempt: Attempt,
  options: CallOptions = {},
): Promise<{ allowed: boolean; reason?: string }> {
  const apiVersion = 'authorization.k8s.io/v1';
  const spec =
    'path' in attempt
      ? { nonResourceAttributes: attempt }
      : { resourceAttributes: { group: '', ...attempt } };
  const answer = await asked(connection, {
    ...options,
    method: 'POST',
    path: `/apis/${apiVersion}/selfsubjectaccessreviews`,
    body: { apiVersion, kind: 'SelfSubjectAccessReview', spec },
  });
  const status = recordIn(record(answer), 'status');
  const reason = textIn(status, 'reason');
  return { allowed: status.allowed === true, ...(reason && { reason }) };
}
