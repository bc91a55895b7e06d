import { createNet, type Net } from '#net';
import type { Row } from '#reconcile';
import type { Access, Visit } from '../../../../shared/join/access/access.ts';
import { type ClimbOptions, type ClimbParts, climb } from '../../../../shared/join/ladder/climb.ts';
import { SharedMembers } from '../../../../shared/join/ladder/sharedMembers.ts';
import { Tokens } from '../../../../shared/join/ladder/tokens.ts';
import type { MembershipData, OpenedCredential, Sealed, Sight, Wish } from '../../../../shared/join/model.ts';
import { aJoinToken, aPrimary, type TestController } from '../../../infra/world/neuvector/aController.ts';
import { addressOf, aHouse, aStep, withKey } from '../access/aHouse.ts';
import { aMembership } from '../access/aMembership.ts';
import { aWish } from './aWish.ts';

export interface Given {
  wish?: Partial<Wish>;
  data?: Partial<MembershipData>;
  /** Its own, and the one of the primary’s REST listener, which there is none of unless it is given. */
  credential?: OpenedCredential;
  primaryCredential?: OpenedCredential;
  token?: string;
  address?: string;
  federation?: string;
}

const trust = { ca: null, fingerprint: null, tlsServerName: null };
const viewOf = (credential: OpenedCredential) => ({
  type: credential.type,
  name: credential.type === 'password' ? credential.username : credential.name,
  version: 1,
  rotatedAt: 0,
});

export const federationOf = ({ federation }: TestController): string => `127.0.0.1:${federation.port}`;

/** A controller, a primary, and a membership that wants the one in the other's federation. */
export async function aClimb(given: Parameters<typeof aHouse>[0] = {}) {
  const house = await aHouse({ name: 'member', ...given });
  const { clock, controller } = house;
  const primary = await aPrimary({ clock });
  const access = house.aProcess();
  const net = createNet({ clock, allowLoopback: true });

  let rows = 0;
  async function aRow(more: Given = {}): Promise<Row<MembershipData>> {
    const { credential = withKey(), primaryCredential, federation } = more;
    const token = more.token ?? (more.wish?.tokenGivenAt === null ? undefined : await aJoinToken(primary));
    const sealed: Sealed = {
      controller: { ca: controller.ca, credential },
      primary: { ca: primary.ca, ...(primaryCredential && { credential: primaryCredential }) },
      ...(token !== undefined && { token }),
    };
    rows += 1;
    const row = aMembership({ id: `mem_${rows}`, address: more.address ?? house.address, sealed });
    const wish = aWish({
      advertise: { server: '127.0.0.1', port: controller.port },
      primary: {
        federation: federation ?? null,
        rest: primaryCredential ? addressOf(primary) : null,
        trust,
        credential: primaryCredential ? viewOf(primaryCredential) : null,
      },
      tokenGivenAt: token === undefined ? null : clock.now(),
      ...more.wish,
    });
    return house.store({ ...row, data: { ...row.data, wish, ...more.data } }, sealed);
  }

  const partsWith = (more: Partial<{ net: Net; clock: ClimbParts['clock']; access: Access }> = {}) => {
    const parts = { access, net, clock, ...more };
    return { ...parts, tokens: new Tokens(parts), members: new SharedMembers(parts) };
  };
  const look = (
    row: Row<MembershipData>,
    options: Partial<ClimbOptions> = {},
    parts: ClimbParts = partsWith(),
    visit: Visit = aStep(),
  ) => climb(parts, row, visit, { upTo: 'primary', ...options });

  return { ...house, primary, access, net, aRow, partsWith, look };
}

/** `controller done`, `address warning JOIN_ADDRESS_DOUBTFUL`, `token failed JOIN_TOKEN_NONE: stop` */
export const told = ({ stages }: Pick<Sight, 'stages'>): string[] =>
  stages.map(({ stage, is, cause, reaction }) =>
    [stage, is, ...(cause ? [cause.code] : [])].join(' ').concat(reaction ? `: ${reaction}` : ''),
  );

export const failure = (sight: Sight): string | undefined =>
  told(sight).find((line) => line.includes('failed'));
