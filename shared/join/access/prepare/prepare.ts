import { isDeepStrictEqual } from 'node:util';
import { clusterError } from '#clusters';
import type { Text } from '#errors';
import type { Net } from '#net';
import type { Records, Row } from '#reconcile';
import type { Clock } from '#time';
import type { JoinCall, MembershipBody, Prepared } from '../../calls.ts';
import type { MembershipData, Sealed, Wish } from '../../model.ts';
import { accessError } from '../errors.ts';
import type { MembershipSecrets } from '../sealed.ts';
import { type ReadController, type RegisteredClusters, readController } from './controller.ts';
import { Findings } from './findings.ts';
import type { KeptPrimary } from './primary.ts';
import { type KeptWish, type ReadWish, readWish } from './wish.ts';

export interface PrepareParts {
  secrets: MembershipSecrets;
  records: Pick<Records<MembershipData>, 'get'>;
  clusters: RegisteredClusters;
  net: Pick<Net, 'check'>;
  clock: Clock;
}

export type PrepareCall = Extract<JoinCall, { do: 'prepare' }>;

/** Reads what is given onto what is stored, and seals it for the record that will name its slot. */
export async function prepare(parts: PrepareParts, call: PrepareCall): Promise<Prepared> {
  const { net, clusters, clock, secrets } = parts;
  const { id, version, body } = call;
  const row = call.of === undefined ? undefined : await requireRow(parts, call.of);
  const opening = { visit: 'call', within: call, ...(call.by && { by: call.by }) } as const;
  const kept = row && { data: row.data, sealed: await secrets.open(row, opening) };
  const findings = new Findings();
  const reading = { net, clusters, findings, stamp: { version, now: clock.now() } };
  const controller = await readController(
    reading,
    body.controller,
    kept && { access: kept.data.controller, sealed: kept.sealed.controller },
  );
  const joins = body.join ?? (kept ? kept.data.wish !== null : true);
  if (!joins) refuseWishes(findings, body);
  const wished = joins ? await readWish(reading, body, kept && keptWish(kept)) : undefined;
  findings.settle();
  if (!controller) throw new Error('A controller that cannot be read is among the findings.');
  refuseMoved(controller, wished, body, kept?.data.wish);
  const sealed: Sealed = {
    controller: controller.sealed,
    ...(wished?.primary && { primary: wished.primary.sealed }),
    ...(wished?.token !== undefined && { token: wished.token }),
  };
  return {
    controller: controller.access,
    wish: wished?.wish ?? null,
    secret: await secrets.seal(id, version, sealed),
  };
}

async function requireRow({ records }: PrepareParts, id: string): Promise<Row<MembershipData>> {
  const row = await records.get(id, 'join');
  if (!row) throw accessError('MEMBERSHIP_SECRET_MISSING', { id, version: 0 });
  return row;
}

interface Kept {
  data: MembershipData;
  sealed: Sealed;
}

function keptWish({ data: { wish }, sealed }: Kept): KeptWish | undefined {
  if (!wish) return undefined;
  const primary: KeptPrimary | undefined = wish.primary
    ? { access: wish.primary, sealed: sealed.primary ?? {} }
    : undefined;
  return { wish, primary, token: sealed.token };
}

const ofJoining = [
  ...(['storeId', 'clusterName', 'advertise', 'primary', 'token', 'tokenUrl', 'maxAttempts'] as const),
  ...(['stayJoined', 'contract'] as const),
];

function refuseWishes(findings: Findings, body: MembershipBody): void {
  for (const field of ofJoining) if (body[field] != null) findings.apart(field, 'join: false', onlyMetrics);
}

/**
 * Whoever may edit a record but never saw its secrets could have them sent to a server of their own. So another way
 * to a controller needs its credential along with it; and what join tokens are, or are made with, is needed again
 * where tokens go to somebody else.
 */
function refuseMoved(
  controller: ReadController,
  wished: ReadWish | undefined,
  body: MembershipBody,
  before: Wish | null | undefined,
): void {
  const primary = wished?.primary;
  const moved = [
    ...(controller.hasNewCredential ? [] : controller.moved.map((field) => `controller.${field}`)),
    ...(primary && !primary.hasNewCredential ? primary.moved.map((field) => `primary.${field}`) : []),
  ];
  const tokensMoved = [
    ...controller.moved.map((field) => `controller.${field}`),
    ...(before && wished ? tokensMovedBy(before, wished.wish) : []),
  ];
  const hasOldToken = wished?.token !== undefined && body.token == null;
  const makesTokens = primary?.access.credential != null && !primary.hasNewCredential;
  const also = [...(hasOldToken ? ['token'] : []), ...(makesTokens ? ['primary.credential'] : [])];
  const again = tokensMoved.length > 0 ? also : [];
  if (moved.length + again.length === 0) return;
  const paths = moved.length > 0 ? moved : tokensMoved;
  const fields = [
    ...paths.map((path) => ({ path, code: 'CREDENTIAL_NEEDED', message: needed(path) })),
    ...again.map((path) => ({ path, code: 'CREDENTIAL_NEEDED', message: tokenNeeded })),
  ];
  throw clusterError('CREDENTIAL_NEEDED', { fields: paths.join(', ') }, { fields });
}

/** A controller shows the token to the federation listener that it is told of; with the contract `master` Drover does, at `rest`. */
function tokensMovedBy(before: Wish, after: Wish): string[] {
  const federation = after.primary?.federation ?? null;
  const isElsewhere = federation !== null && federation !== (before.primary?.federation ?? null);
  return [
    ...(isElsewhere ? ['primary.federation'] : []),
    ...(after.contract !== 'master'
      ? []
      : before.contract !== 'master'
        ? ['contract']
        : isDeepStrictEqual(whoIs(before), whoIs(after))
          ? []
          : ['primary.rest']),
  ];
}

const whoIs = ({ primary }: Wish) => [primary?.rest ?? null, primary?.trust ?? null];

const needed = (path: string): Text => ({
  en: `${path} is another than the stored credential was given for`,
  zh: `${path} 与所存凭据对应的不同`,
});
const tokenNeeded: Text = {
  en: 'join tokens would go to somebody else than this was given for: give it again, or null',
  zh: '加入令牌将发送到与所存内容不同的对象：请重新提供此项，或设为 null',
};
const onlyMetrics: Text = {
  en: 'a membership that does not join has only a controller',
  zh: '不加入联邦的成员关系只有控制器',
};
