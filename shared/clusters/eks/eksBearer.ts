import { createHash } from 'node:crypto';
import type { Net } from '#net';
import { type Clock, minute } from '#time';
import type { EksCredential } from '../credential/checkEks.ts';
import { clusterError } from '../errors.ts';
import { assumeRole, type RoleSession } from './assumeRole.ts';
import { type EksToken, eksToken, stsHost } from './eksToken.ts';
import type { AwsCredentials } from './presign.ts';

export interface EksPorts {
  net: Pick<Net, 'send'>;
  clock: Clock;
  /** Drover's own AWS identity, where it has one. */
  environment: () => AwsCredentials | undefined;
}

/** Where the token goes: Drover's own identity does not go everywhere. */
export interface EksPlace {
  readonly server: string;
  readonly proxy?: string | undefined;
}

/** Makes what an EKS cluster is asked with: without asking anybody, but for a role, which AWS has to give. */
export interface EksBearers {
  /** Throws a DroverError where no token can be made. What it answers may be called for as long as it is used. */
  bearerOf(credential: EksCredential, place: EksPlace): Promise<() => string>;
}

/** How long before its end a role's session is renewed while it is used. */
const renewBefore = 10 * minute;
const mostSessions = 500;

export function createEksBearers({ net, clock, environment }: EksPorts): EksBearers {
  /** By whose keys take which role. Oldest first. */
  const sessions = new Map<string, Promise<RoleSession>>();

  function identityOf(credential: EksCredential, place: EksPlace): AwsCredentials {
    const { accessKeyId, secretAccessKey, region, clusterName } = credential;
    if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
    requireEks(place, region);
    const own = environment();
    if (!own) throw clusterError('EKS_NO_IDENTITY', { cluster: clusterName });
    return own;
  }

  /** One question at a time for each; one that failed is asked again by who comes next. */
  function begin(name: string, ask: () => Promise<RoleSession>): Promise<RoleSession> {
    const session = ask();
    sessions.delete(name);
    sessions.set(name, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= mostSessions) break;
      sessions.delete(oldest);
    }
    session.catch(() => {
      if (sessions.get(name) === session) sessions.delete(name);
    });
    return session;
  }

  async function sessionOf(
    credential: EksCredential & { roleArn: string },
    place: EksPlace,
  ): Promise<() => AwsCredentials> {
    const { region, roleArn } = credential;
    const identity = identityOf(credential, place);
    const name = createHash('sha256')
      .update(JSON.stringify([region, roleArn, identity.accessKeyId, identity.secretAccessKey]))
      .digest('hex');
    const ask = () => assumeRole({ net, clock }, { region, roleArn }, identityOf(credential, place));
    const isFresh = ({ expiresAt }: RoleSession) => expiresAt - clock.now() > renewBefore;
    const known = await sessions.get(name)?.catch(() => undefined);
    let session = known && isFresh(known) ? known : await begin(name, ask);
    let renewing = false;
    const renew = async () => {
      try {
        session = await begin(name, ask);
      } finally {
        renewing = false;
      }
    };
    return () => {
      if (!isFresh(session) && !renewing) {
        renewing = true;
        // The session in hand still serves; one that ended is refused by the cluster, and the next visit says why.
        renew().catch(() => undefined);
      }
      return session.credentials;
    };
  }

  return {
    async bearerOf(credential, place) {
      const { roleArn } = credential;
      const signer =
        roleArn === undefined
          ? () => identityOf(credential, place)
          : await sessionOf({ ...credential, roleArn }, place);
      // Told now, and not in the middle of a request.
      signer();
      let made: EksToken | undefined;
      return () => {
        const now = clock.now();
        if (!made || made.expiresAt <= now) made = eksToken(credential, signer(), now);
        return made.token;
      };
    },
  };
}

/**
 * Whoever may register a cluster chooses its server, its CA and its proxy. A token made with their own keys is theirs
 * to send where they like. One made with Drover's identity would open every cluster that trusts Drover, so it goes to
 * names alone that AWS gives out, and through nobody's hands.
 */
function requireEks({ server, proxy }: EksPlace, region: string): void {
  const { hostname: host, port } = new URL(server);
  const domain = stsHost(region).slice(`sts.${region}.`.length);
  const isEks = [`.${region}.eks.${domain}`, `.eks-cluster.${region}.api.aws`].some((end) =>
    host.endsWith(end),
  );
  if (!isEks || port !== '' || proxy !== undefined) throw clusterError('EKS_SERVER_FOREIGN', { host });
}
