import type { Language } from '#errors';
import type { Json, Row } from '#reconcile';
import { type Instant, iso, second } from '#time';
import { because, causeIn } from './become.ts';
import { advertisedOf, type KnownAddress, nameOf, primaryOf } from './ladder/derive.ts';
import { sayStages } from './ladder/sayStages.ts';
import type { Cause, ControllerAccess, CredentialView, MembershipData, TrustView } from './model.ts';
import { sayCause } from './texts.ts';

type Shown = Record<string, Json>;

/** The cause that is told: of the state, or of the failure that may become one. */
export const causeOf = ({ state, failing }: MembershipData): Cause | null =>
  causeIn(state) ?? failing?.cause ?? null;

/** As the API and webhooks show it, in the reader's language. Made up name by name: no secret slips in. */
export function present({ data }: Pick<Row<MembershipData>, 'data'>, language: Language = 'en'): Shown {
  const { state, wish, member, token } = data;
  const cause = causeOf(data);
  const said = cause && sayCause(cause, language);
  return {
    state: state.is,
    cause: cause?.code ?? null,
    message: said?.message ?? (state.is === 'paused' ? state.reason : null),
    remedy: said?.remedy ?? null,
    since: iso(state.since),
    checkedAt: time(data.checkedAt),
    join: wish !== null,
    from: data.from,
    controller: presentController(data.controller),
    storeId: wish?.storeId ?? null,
    clusterName: wish?.clusterName ?? null,
    ...(wish ? presentWish(data, wish) : nothingWished),
    token: token && {
      from: token.from,
      at: iso(token.at),
      server: token.server,
      port: token.port,
    },
    stages: sayStages(data.stages, language, sayCause) as unknown as Json,
    attempts: data.attempts,
    nextTryAt: time(data.nextAt),
    joinedAt: time(data.joinedAt),
    secondsToJoin: secondsToJoin(data),
    member: member && { ...member, primary: { ...member.primary } },
    pause: state.is === 'paused' ? { until: time(state.until), reason: state.reason } : null,
    warnings: warningsOf(data).map((warning) => ({ code: warning.code, ...sayCause(warning, language) })),
  };
}

export const secondsToJoin = ({ startedAt, joinedAt }: MembershipData): number | null =>
  startedAt === null || joinedAt === null ? null : Math.max(0, Math.round((joinedAt - startedAt) / second));

/** For metrics alone. */
const nothingWished: Shown = {
  federationName: null,
  advertise: null,
  primary: null,
  tokenGivenAt: null,
  tokenUrl: null,
  maxAttempts: null,
  stayJoined: null,
  contract: null,
};

function presentWish(data: MembershipData, wish: NonNullable<MembershipData['wish']>): Shown {
  const { token } = data;
  return {
    federationName: data.member?.name ?? nameOf(wish, data.suffix)?.value ?? null,
    advertise: presentAddress(advertisedOf(wish, null)),
    primary: {
      ...((presentAddress(primaryOf(wish, token)) ?? unknownAddress) as Shown),
      federation: wish.primary?.federation ?? null,
      rest: wish.primary?.rest ?? null,
      trust: wish.primary ? presentTrust(wish.primary.trust) : null,
      credential: wish.primary?.credential ? presentCredential(wish.primary.credential) : null,
    },
    tokenGivenAt: time(wish.tokenGivenAt),
    tokenUrl: wish.tokenUrl,
    maxAttempts: wish.maxAttempts,
    stayJoined: wish.stayJoined,
    contract: wish.contract,
  };
}

const unknownAddress: Shown = { server: null, port: null, origin: null };

const presentAddress = (known: KnownAddress | undefined): Json =>
  known ? { server: known.server.value, port: known.port.value, origin: known.server.origin } : null;

function presentController(controller: ControllerAccess): Json {
  const credential = presentCredential(controller.credential);
  if (controller.by === 'address') {
    return {
      address: controller.address,
      ...(presentTrust(controller.trust) as Shown),
      verified: true,
      credential,
    };
  }
  const { cluster, namespace, service, port } = controller;
  return { cluster, namespace, service, port, verified: false, credential };
}

const presentTrust = ({ ca, fingerprint, tlsServerName }: TrustView): Json => ({
  ca: ca && { ...ca, expiresAt: iso(ca.expiresAt) },
  fingerprint,
  tlsServerName,
});

const presentCredential = ({ rotatedAt, ...shown }: CredentialView): Json => ({
  ...shown,
  rotatedAt: iso(rotatedAt),
});

function warningsOf({ controller, warnings, state, attempts, wish }: MembershipData): Cause[] {
  const isSpent = state.is === 'failed' && wish !== null && attempts >= wish.maxAttempts;
  return [
    ...warnings,
    ...(isSpent ? [because('ATTEMPTS_EXHAUSTED', { attempts })] : []),
    ...(controller.by === 'cluster' ? [because('VIA_API_SERVER')] : []),
  ];
}

const time = (at: Instant | null): string | null => (at === null ? null : iso(at));
