import type { Instant } from '#time';
import type { KubeConnection } from './access.ts';
import { asked, type CallOptions } from './asked.ts';
import { notKubernetes } from './notKubernetes.ts';
import { pathOf } from './pathOf.ts';
import { record, recordIn, textIn } from './shapes.ts';

export interface GivenToken {
  readonly token: string;
  /** As the server granted it, which may be sooner than asked for. */
  readonly expiresAt: Instant;
}

/** A new token of a service account, by TokenRequest. */
export async function requestToken(
  connection: KubeConnection,
  account: {
    namespace: string;
    name: string;
    seconds: number;
    /** Left out: the API server itself. */
    audiences?: readonly string[];
  },
  options: CallOptions = {},
): Promise<GivenToken> {
  const { namespace, name, seconds, audiences } = account;
  const answer = await asked(connection, {
    ...options,
    method: 'POST',
    path: pathOf({ version: 'v1', resource: 'serviceaccounts', namespace, name, subresource: 'token' }),
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds, ...(audiences && { audiences }) },
    },
  });
  const status = recordIn(record(answer), 'status');
  const token = textIn(status, 'token');
  const expiresAt = Date.parse(textIn(status, 'expirationTimestamp') ?? '');
  if (!token || Number.isNaN(expiresAt)) throw notKubernetes(answer);
  return { token, expiresAt };
}
