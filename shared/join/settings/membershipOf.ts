import { DroverError, type Text } from '#errors';
import { decodeJoinToken } from '#neuvector';
import { type ControllerGiven, type ControllerSettings, type Fault, readController } from '#settings';
import type { CredentialBody, MembershipBody, PrimaryBody } from '../calls.ts';
import { addressOf, type Place, primaryOf } from '../ladder/derive.ts';

/** The one membership that these settings describe; no other reads them. */
export const settingsName = 'default';

/** What the environment describes. */
export type Described =
  /** No controller, and nothing that needs one. */
  | { is: 'absent' }
  /** All that is missing or malformed; `address` and `metrics`, for metrics alone, where that much can be read. */
  | {
      is: 'wrong';
      address: string | undefined;
      problems: readonly Fault[];
      metrics: MembershipBody | undefined;
    }
  | { is: 'whole'; body: MembershipBody };

/** Where a secret is given as a reference, its place must have been taken by the secret before. */
export function membershipOf(given: ControllerGiven): Described {
  const { found, faults } = readController(given);
  if (given.CTRL_API_SERVICE === undefined && !found.isJoining) return { is: 'absent' };
  const problems = [...faults, ...missing(found, given), ...contradictions(found)];
  const { service } = found;
  const credential = credentialOf(found);
  const body =
    service === undefined || !credential
      ? undefined
      : bodyOf(found, service, credential, given.MASTER_CLUSTER_PORT !== undefined);
  if (!body || problems.length > 0)
    return { is: 'wrong', address: service, problems, metrics: body && metricsAlone(body, problems) };
  return { is: 'whole', body };
}

/** A mistake in what is said of the join is none in what is said of the controller. */
export const metricsAlone = (
  { controller }: MembershipBody,
  problems: readonly Fault[],
): MembershipBody | undefined =>
  problems.some(({ path }) => isOfController(path)) ? undefined : { join: false, controller };

export const isOfController = (name: string): boolean => name.startsWith('CTRL_');

/** Any of these would do. What is there and cannot be read is told as that alone. */
function missing({ isJoining, contract }: ControllerSettings, given: ControllerGiven): Fault[] {
  const needed = [
    ['CTRL_API_SERVICE'],
    ['CTRL_PASSWORD', 'CTRL_API_KEY'],
    ...(isJoining ? [['PAAS_STORE_ID'], ['JOIN_TOKEN', 'JOIN_TOKEN_URL']] : []),
    // What could be derived is the primary's then.
    ...(isJoining && contract === 'master' ? [['JOINT_REST_SERVER', 'JOIN_ADDRESS']] : []),
  ];
  return needed
    .filter((names) => names.every((name) => given[name] === undefined))
    .map((names) => ({
      path: names[0]!,
      code: 'missing',
      text: { en: `${names.join(' or ')} is missing`, zh: `缺少 ${names.join(' 或 ')}` },
    }));
}

const contradictions = ({ ca, fingerprint }: ControllerSettings): Fault[] =>
  ca === undefined || fingerprint === undefined
    ? []
    : [{ path: 'CTRL_FINGERPRINT', code: 'contradiction', text: eitherCaOrFingerprint }];

const eitherCaOrFingerprint: Text = {
  en: 'CTRL_CA and CTRL_FINGERPRINT exclude each other',
  zh: 'CTRL_CA 与 CTRL_FINGERPRINT 不能同时设置',
};

/** The key, which opens no session, is preferred. */
function credentialOf({ apiKey, username, password }: ControllerSettings): CredentialBody | undefined {
  if (apiKey !== undefined) {
    const [name, ...secret] = apiKey.split(':');
    return { type: 'apiKey', name: name!, secret: secret.join(':') };
  }
  return password === undefined ? undefined : { type: 'password', username, password };
}

function bodyOf(
  found: ControllerSettings,
  address: string,
  credential: CredentialBody,
  hasPort: boolean,
): MembershipBody {
  const { ca, fingerprint, tlsServerName, isJoining } = found;
  return {
    join: isJoining,
    controller: {
      address,
      ...(ca !== undefined && { ca }),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(tlsServerName !== undefined && { tlsServerName }),
      credential,
    },
    ...(isJoining && joinOf(found, credential, hasPort)),
  };
}

/** Later names win: where both are set, it is those that the last program obeyed. */
function joinOf(found: ControllerSettings, credential: CredentialBody, hasPort: boolean): MembershipBody {
  const { storeId, token, tokenUrl, maxAttempts, stayJoined, contract } = found;
  const server = found.laterServer ?? found.advertisedServer;
  const port = found.laterPort ?? found.advertisedPort;
  const primary = bodyOfPrimary(found, credential, hasPort);
  return {
    ...(storeId !== undefined && { storeId }),
    ...(token !== undefined && { token }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...((server !== undefined || port !== undefined) && {
      advertise: { ...(server !== undefined && { server }), ...(port !== undefined && { port }) },
    }),
    ...(primary && { primary }),
    maxAttempts,
    stayJoined,
    contract,
  };
}

/**
 * Where the primary itself is asked, it is asked as the earlier text has it: at the address that is given, else at the
 * token's, else where the store id leads to, and with the one credential there is.
 */
function bodyOfPrimary(
  found: ControllerSettings,
  credential: CredentialBody,
  hasPort: boolean,
): PrimaryBody | undefined {
  const { primaryServer, primaryPort, primaryCa, contract, storeId = null, token } = found;
  if (primaryServer === undefined && contract !== 'master') return undefined;
  const said = placeIn(token);
  const server = primaryServer ?? primaryOf({ primary: null, contract, storeId }, said)?.server.value;
  if (server === undefined) return undefined;
  const isTokens = primaryServer === undefined && said !== null && !hasPort;
  const address = addressOf({ server, port: isTokens ? said.port : primaryPort });
  return {
    ...(primaryServer !== undefined && { federation: address }),
    ...(contract === 'master' && { rest: address, credential }),
    ...(contract === 'master' && primaryCa !== undefined && { ca: primaryCa }),
  };
}

/** One that cannot be read is told where it is taken over. */
function placeIn(token: string | undefined): Place | null {
  try {
    return token === undefined ? null : decodeJoinToken(token);
  } catch (error) {
    if (error instanceof DroverError) return null;
    throw error;
  }
}
