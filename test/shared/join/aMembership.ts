import type { Plan, Row } from '#reconcile';
import { decide } from '../../../shared/join/decide.ts';
import type {
  Did,
  FedSeen,
  Member,
  MembershipData,
  Sight,
  StageSeen,
  Wish,
} from '../../../shared/join/model.ts';
import { stages } from '../../../shared/join/model.ts';
import { newMembership } from '../../../shared/join/wishes.ts';

export const start = Date.UTC(2027, 0, 4, 8);

const trust = { ca: null, fingerprint: null, tlsServerName: null };
const credential = { type: 'password', name: 'admin', version: 1, rotatedAt: start } as const;

export const aWish = (given: Partial<Wish> = {}): Wish => ({
  storeId: 'u2204a',
  clusterName: null,
  advertise: { server: null, port: null },
  primary: null,
  tokenGivenAt: start,
  tokenUrl: null,
  maxAttempts: 10,
  stayJoined: 'mend',
  contract: 'controller',
  ...given,
});

export const withPrimary = {
  federation: null,
  rest: '10.9.0.1:10443',
  trust,
  credential: { ...credential, type: 'apiKey', name: 'fed' } as const,
};

export function aMembership(
  given: Partial<MembershipData> = {},
  wish: Partial<Wish> | null = {},
): MembershipData {
  const prepared = {
    controller: { by: 'address', address: '10.1.0.1:10443', trust, credential } as const,
    wish: wish && aWish(wish),
    secret: { sealed: '' },
  };
  return { ...newMembership(prepared, 's0_x', 'abc123', start), ...given };
}

export const aRow = (data: MembershipData, deletedAt?: number): Row<MembershipData> => ({
  id: 'mem_1',
  kind: 'join',
  name: 'store-1',
  labels: {},
  version: 1,
  createdAt: start,
  updatedAt: start,
  deletedAt,
  everySeconds: 300,
  attempt: 0,
  trouble: undefined,
  data,
});

export const aMember = (given: Partial<Member> = {}): Member => ({
  id: 'id1',
  name: 'u2204a-abc123',
  status: 'joined',
  primary: { id: 'p1', name: 'primary', server: 'primary.example', port: 11443, status: 'connected' },
  ...given,
});

export const token = { from: 'given', at: start, server: 'primary.example', port: 11443 } as const;

/** All is there for a join, but for what is said otherwise. */
export function aSight(given: Partial<Sight> & { failed?: StageSeen } = {}): Sight {
  const { failed, ...more } = given;
  const until = failed ? stages.indexOf(failed.stage) : stages.indexOf('primary') + 1;
  const passed: StageSeen[] = stages
    .slice(0, until)
    .map((stage) => ({ stage, is: 'done', cause: null, answer: null }));
  return {
    stages: failed ? [...passed, failed] : passed,
    fed: { role: 'standalone' },
    listed: null,
    token,
    warnings: [],
    latencyMs: 5,
    ...more,
  };
}

export const joint = (given: Partial<Member> = {}): FedSeen => ({ role: 'joint', member: aMember(given) });

/** One decision, at that time. */
export const decided = (
  data: MembershipData,
  sight: Sight | null,
  { did = [], now = start + 1000, deletedAt }: { did?: Did[]; now?: number; deletedAt?: number } = {},
): Plan<MembershipData, unknown> =>
  decide(aRow(data, deletedAt), { sight }, did, { now, random: 0.5, isNew: false });

export const isJoined = (): MembershipData =>
  decided(aMembership(), aSight({ fed: joint(), listed: { status: 'synced' } })).data;
