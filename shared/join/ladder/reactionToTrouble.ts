import { isRefused } from '../access/errors.ts';
import type { Reaction } from '../model.ts';
import type { Call } from './answers.ts';

/** Drover may not go there, or would not trust who answers: the same until a person changes something. */
const needsChange = [
  'TARGETS_INVALID',
  'TARGET_INVALID',
  'TARGET_SCHEME_FORBIDDEN',
  'TARGET_PORT_FORBIDDEN',
  'TARGET_FORBIDDEN',
  'TARGET_OTHER',
  'PROXY_INVALID',
  'PROXY_AUTH_REQUIRED',
  'TLS_NOT_TLS',
  'TLS_SELF_SIGNED',
  'TLS_CA_UNKNOWN',
  'TLS_CHAIN_INCOMPLETE',
  'TLS_NAME_MISMATCH',
  'TLS_FINGERPRINT_MISMATCH',
  'TLS_PROTOCOL_UNSUPPORTED',
  'TLS_CLIENT_CERT_REQUIRED',
  'REDIRECTED',
  'FEDERATION_PORT_IS_REST',
  'SERVICE_PORT_UNKNOWN',
  'SERVICE_PROXY_FORBIDDEN',
  'JOIN_TOKEN_EMPTY',
  'JOIN_TOKEN_IS_FIXED',
  'JOIN_TOKEN_NOT_BASE64',
  'JOIN_TOKEN_NOT_JSON',
  'JOIN_TOKEN_WITHOUT_ADDRESS',
  'JOIN_TOKEN_NONE',
  'JOIN_TOKEN_SPENT',
  'PASS_MALFORMED',
  'PRIMARY_NOT_GIVEN',
  'CONTROLLER_CLUSTER_UNKNOWN',
  'CLUSTER_GONE',
  'INSECURE_NO_LONGER_ALLOWED',
];

/** Others have to do something first, and usually do. */
const needsOthers = [
  'DNS_NXDOMAIN',
  'TLS_CERT_EXPIRED',
  'TLS_CERT_NOT_YET_VALID',
  'AUTH_REJECTED',
  'CREDENTIALS_NOT_PRESENTED',
  'PERMISSION_MISSING',
  'CLUSTER_PAUSED',
  'CLUSTER_IDENTITY_CHANGED',
  'SERVICE_UNKNOWN',
  'NOT_NEUVECTOR',
  'JOIN_TOKEN_URL_WITHOUT_TOKEN',
  'SESSIONS_LEFT_OPEN',
  'MEMBERSHIP_SECRET_MISSING',
];

/** Somebody else is at it. */
const needsPatience = ['SIGN_IN_BUSY', 'DNS_BUSY'];

const known = new Map<string, Reaction>([
  ...needsChange.map((code) => [code, 'stop'] as const),
  ...needsOthers.map((code) => [code, 'slowly'] as const),
  ...needsPatience.map((code) => [code, 'wait'] as const),
]);

/** The request was on its way, or may have been: it may have been done. */
const mayHaveArrived = [
  'TCP_RESET',
  'HTTP_TIMEOUT',
  'HTTP_CUT',
  'HTTP_INVALID',
  'HTTP_5XX',
  'RESPONSE_TOO_LARGE',
  'CALL_ABORTED',
  'SERVICE_UNANSWERED',
  'NOT_NEUVECTOR',
];

const changing: readonly Call[] = ['join', 'leave'];

/** What is to be done where no answer came, by the code of the error that says why. */
export function reactionToTrouble(call: Call, code: string): Reaction {
  if (changing.includes(call) && mayHaveArrived.includes(code)) return 'look';
  if (isRefused(code)) return 'refused';
  return known.get(code) ?? 'retry';
}
