import type { ClusterWays } from '#clusters/worker';
import { DroverError } from '#errors';
import type { Net } from '#net';
import { type SignedIn, type Trust, type Way, wayThrough, wayTo } from '#neuvector';
import type { Meter, Row } from '#reconcile';
import type { Vault } from '#secrets';
import { StoreUnanswered, type Table } from '#store';
import type { Clock } from '#time';
import type { MembershipData, OpenedCredential, TrustView } from '../model.ts';
import type { Access, Visit } from './access.ts';
import { SignIns, type User, userOf } from './accounts/signIns.ts';
import { accessError } from './errors.ts';
import { createMembershipSecrets, type MembershipSecrets } from './sealed.ts';
import { KeyWay, SessionWay, watched } from './signedWay.ts';
import { Ways } from './ways.ts';

export interface AccessPorts {
  table: Table;
  vault: Vault;
  net: Net;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  meter: Meter;
  /** Drover's own, for the User-Agent. */
  version: string;
  kube: Pick<ClusterWays, 'with' | 'close'>;
}

type Membership = Row<MembershipData>;

/** One of the two controllers of a membership, and who we are there. */
interface Door {
  /** As its account is told from others: the same however it is spelt. */
  readonly place: string;
  readonly credential: OpenedCredential;
  with<T>(use: (way: Way) => Promise<T>): Promise<T>;
}

export function createAccess(
  ports: AccessPorts,
  secrets: MembershipSecrets = createMembershipSecrets(ports),
): Access {
  const ways = new Ways(ports);
  const signIns = new SignIns(ports);

  async function controllerOf(row: Membership, visit: Visit): Promise<Door> {
    const { controller } = row.data;
    const { ca, credential } = (await secrets.open(row, openingOf(visit))).controller;
    if (controller.by === 'address') {
      const { address, trust } = controller;
      return {
        place: address,
        credential,
        with: (use) => ways.with({ address, ...trustOf(trust, ca) }, use),
      };
    }
    const { cluster, namespace, service, port } = controller;
    return {
      place: `${cluster}/${namespace}/${service}:${port}`,
      credential,
      with: (use) =>
        ports.kube.with(
          cluster,
          openingOf(visit),
          (connection, name) =>
            use(wayThrough(connection, { namespace, service, port }, `${namespace}/${service} in ${name}`)),
          visit.signal,
        ),
    };
  }

  async function primaryOf(row: Membership, visit: Visit): Promise<Door | undefined> {
    const { rest: address, trust } = row.data.wish?.primary ?? {};
    if (address == null || !trust) return undefined;
    const { ca, credential } = (await secrets.open(row, openingOf(visit))).primary ?? {};
    if (!credential) return undefined;
    return { place: address, credential, with: (use) => ways.with({ address, ...trustOf(trust, ca) }, use) };
  }

  function enter<T>(
    row: Membership,
    visit: Visit,
    { place, credential, with: reach }: Door,
    use: (signedIn: SignedIn) => Promise<T>,
    reached?: () => void,
  ): Promise<T> {
    const user = userOf(place, credential);
    return reach(async (bare) => {
      const way = watched(bare, reached);
      return credential.type === 'apiKey'
        ? withKey(user, credential, way, use)
        : withSession(user, credential.password, way, visit.kind === 'scrape' ? 'scrape' : row.id, use);
    });
  }

  async function withKey<T>(
    user: User,
    { name, secret }: OpenedCredential & { type: 'apiKey' },
    way: Way,
    use: (signedIn: SignedIn) => Promise<T>,
  ): Promise<T> {
    await signIns.requireKey(user);
    const guarded = new KeyWay(way, () => signIns.keyRefused(user));
    const done = await use({ way: guarded, pass: { kind: 'apiKey', name, secret } });
    // Whoever asks for many things may have taken the refusal for one thing's.
    await guarded.requireTaken();
    return done;
  }

  async function withSession<T>(
    user: User,
    password: string,
    way: Way,
    by: string,
    use: (signedIn: SignedIn) => Promise<T>,
  ): Promise<T> {
    const { token } = await signIns.session(user, password, way, by);
    const signed = new SessionWay(way, token, async (over) => {
      await signIns.isOver(user, over, way);
      return (await signIns.session(user, password, way, by)).token;
    });
    return use({ way: signed, pass: signed.pass });
  }

  /** Those of its doors that can be told: what cannot be opened has none. */
  async function eachDoor(row: Membership, visit: Visit, use: (door: Door, user: User) => Promise<void>) {
    for (const door of [await controllerOf(row, visit), await primaryOf(row, visit)]) {
      if (door) await use(door, userOf(door.place, door.credential));
    }
  }

  return {
    async controller(row, visit, use, reached) {
      return enter(row, visit, await controllerOf(row, visit), use, reached);
    },
    async primary(row, visit, use) {
      const door = await primaryOf(row, visit);
      if (!door) throw accessError('PRIMARY_NOT_GIVEN', { name: row.name });
      return enter(row, visit, door, use);
    },
    stranger: async (address) => wayTo(ports, { address }, { verify: false }),
    async token(row, visit) {
      if (row.data.wish?.tokenGivenAt == null) return undefined;
      return (await secrets.open(row, openingOf(visit))).token;
    },
    async leaveIdle(row, visit) {
      const leaving = eachDoor(row, visit, async (door, user) => {
        if (door.credential.type === 'password') await signIns.leave(user, row.id, door.with);
      });
      // What is not closed ends by itself.
      await leaving.catch((error: unknown) => {
        if (!(error instanceof DroverError) && !(error instanceof StoreUnanswered)) throw error;
      });
    },
    forgive: (row, visit) =>
      eachDoor(row, visit, ({ credential }, user) =>
        credential.type === 'apiKey' ? signIns.forgiveKey(user) : signIns.forgive(user),
      ),
    async close() {
      await Promise.all([ways.close(), ports.kube.close()]);
    },
  };
}

const openingOf = ({ kind, within, by }: Visit) => ({ visit: kind, within, ...(by && { by }) });

const trustOf = ({ fingerprint, tlsServerName }: TrustView, ca: string | undefined): Trust => ({
  ...(ca !== undefined && { ca }),
  ...(fingerprint !== null && { fingerprint }),
  ...(tlsServerName !== null && { tlsServerName }),
});
