import { DroverError, keptCause, shown } from '#errors';
import {
  connect,
  type KubeAccess,
  type KubeConnection,
  type KubePorts,
  may,
  requestToken,
  whoAmI,
} from '#kubernetes';
import type { Row, WorkContext } from '#reconcile';
import { hour, minute, second } from '#time';
import { checkToken } from '../credential/checkToken.ts';
import { readClaims } from '../credential/jwt.ts';
import { readToken } from '../credential/token.ts';
import type { EksBearers } from '../eks/eksBearer.ts';
import { clusterError } from '../errors.ts';
import type { ClusterData, Did } from '../model.ts';
import { shownOf } from '../prepare/accessView.ts';
import { accessOf } from '../secret/accessOf.ts';
import type { Secrets } from '../secret/secrets.ts';

export interface RenewParts extends KubePorts {
  secrets: Secrets;
  eks: EksBearers;
}

/** What is wished for; servers may grant less. */
const wished = 48 * hour;
/** Less than this is over before it could be renewed with any certainty. */
const shortest = 10 * minute;

/**
 * Asks the cluster for a new token of the same service account, proves it, and seals it as the next version. The old
 * one stays where it is until the row names the new one's slot: whatever happens before that, the old one serves.
 *
 *   ask ──► prove ──► seal ──► (decide) slot of the new ──► row names it ──► old slot dropped
 */
export async function renew(parts: RenewParts, row: Row<ClusterData>, context: WorkContext): Promise<Did> {
  try {
    return await renewed(parts, row, context);
  } catch (error) {
    // A worker that has to stop has not failed: another takes the row up.
    if (!(error instanceof DroverError) || context.signal.aborted) throw error;
    const { version } = row.data.access.credential;
    return { did: 'renewFailed', version, cause: keptCause(error) };
  }
}

async function renewed(parts: RenewParts, row: Row<ClusterData>, context: WorkContext): Promise<Did> {
  const { clock } = parts;
  const { type, serviceAccount, version } = row.data.access.credential;
  const opened = await parts.secrets.open(row, { visit: 'step', within: context });
  if (opened.credential.type !== 'token' || !serviceAccount) {
    throw new Error('Only the token of a service account is renewed.');
  }
  const access = await accessOf(row.data.access, opened, parts.eks);
  const audiences = audiencesOf(opened.credential.token);
  const wish = { ...serviceAccount, seconds: wished / second, ...(audiences.length > 0 && { audiences }) };

  context.requireTime();
  const given = await over(parts, access, context, (old, options) => requestToken(old, wish, options));
  const read = readToken(given.token);
  if ('reason' in read) throw clusterError('TOKEN_INVALID', { at: 'token', reason: read.reason });
  const left = given.expiresAt - clock.now();
  if (left < shortest) {
    throw clusterError('RENEWAL_TOO_SHORT', { minutes: Math.max(0, Math.floor(left / minute)) });
  }
  const expected = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
  context.requireTime();
  const proved = { ...access, bearer: () => given.token };
  await over(parts, proved, context, (connection, options) => requireUser(connection, expected, options));

  const shown = shownOf(checkToken(given.token, clock.now()).evidence);
  const { sealed } = await parts.secrets.seal(row.id, version + 1, {
    ...opened,
    credential: { type: 'token', token: given.token },
  });
  return {
    did: 'renewed',
    sealed,
    credential: {
      type,
      ...shown,
      subject: expected,
      serviceAccount,
      // As the server says it, whose word counts.
      issuedAt: shown.issuedAt ?? clock.now(),
      expiresAt: given.expiresAt,
      rotatedAt: clock.now(),
      version: version + 1,
    },
  };
}

type Options = { signal: AbortSignal };

/** A connection of its own: the kept one belongs to the token that is kept. */
async function over<T>(
  parts: RenewParts,
  access: KubeAccess,
  { signal }: WorkContext,
  use: (connection: KubeConnection, options: Options) => Promise<T>,
): Promise<T> {
  const connection = await connect(parts, access, { signal });
  try {
    return await use(connection, { signal });
  } finally {
    await connection.close();
  }
}

async function requireUser(connection: KubeConnection, expected: string, options: Options): Promise<void> {
  const identity = await whoAmI(connection, options);
  if (identity && identity.username !== expected) {
    throw clusterError('RENEWAL_OTHER_USER', { found: shown(identity.username), expected });
  }
  // One that is too old to say who we are lets only those ask what they may whom it knows.
  if (!identity) await may(connection, { verb: 'get', path: '/version' }, options);
}

/** Whom the token is for; none where it does not say. */
function audiencesOf(token: string): string[] {
  const said = readClaims(token);
  return said.form === 'jwt' ? [said.claims.aud].flat().filter((one) => typeof one === 'string') : [];
}
