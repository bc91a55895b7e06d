import { DroverError, type Text } from '#errors';
import type { Stage } from './dial.ts';
import { type NetCode, netError } from './errors.ts';

/** Node, OpenSSL and undici name the same trouble differently; what is not listed is judged by the stage it came at. */
const byCode: Record<string, NetCode> = {
  ECONNREFUSED: 'TCP_REFUSED',
  ETIMEDOUT: 'TCP_TIMEOUT',
  EHOSTUNREACH: 'TCP_UNREACHABLE',
  ENETUNREACH: 'TCP_UNREACHABLE',
  EADDRNOTAVAIL: 'TCP_UNREACHABLE',
  EPROTO: 'TLS_NOT_TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS_NOT_TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'TLS_NOT_TLS',
  ERR_SSL_RECORD_LAYER_FAILURE: 'TLS_NOT_TLS',
  CERT_HAS_EXPIRED: 'TLS_CERT_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_CERT_NOT_YET_VALID',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_CA_UNKNOWN',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_CA_UNKNOWN',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_CHAIN_INCOMPLETE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_CHAIN_INCOMPLETE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_NAME_MISMATCH',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TLS_PROTOCOL_UNSUPPORTED',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS_PROTOCOL_UNSUPPORTED',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'TLS_CLIENT_CERT_REQUIRED',
  ERR_SSL_TLS_ALERT_CERTIFICATE_REQUIRED: 'TLS_CLIENT_CERT_REQUIRED',
  UND_ERR_HEADERS_OVERFLOW: 'HTTP_INVALID',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'RESPONSE_TOO_LARGE',
};

const cut: Record<Stage, NetCode> = {
  dns: 'TCP_RESET',
  tcp: 'TCP_RESET',
  proxy: 'PROXY_UNREACHABLE',
  tunnel: 'PROXY_BAD_GATEWAY',
  tls: 'TLS_RESET',
  http: 'HTTP_CUT',
};
const late: Record<Stage, NetCode> = {
  dns: 'DNS_TIMEOUT',
  tcp: 'TCP_TIMEOUT',
  proxy: 'PROXY_UNREACHABLE',
  tunnel: 'PROXY_BAD_GATEWAY',
  tls: 'TLS_TIMEOUT',
  http: 'HTTP_TIMEOUT',
};

export interface Place {
  host: string;
  port: number;
}

const nothingWithin = (ms: number): Text => ({
  en: `nothing within ${ms} ms`,
  zh: `${ms} 毫秒内没有响应`,
});

export const tooLate = (stage: Stage, place: Place, ms: number) =>
  netError(late[stage], { host: place.host, port: place.port, ms, reason: nothingWithin(ms) });

/** What undici or Node reported, as a code of ours. The cause is kept; its text is not shown, it may hold headers. */
export function faultOf(error: unknown, stage: Stage, place: Place, bytes = 0): DroverError {
  if (error instanceof DroverError) return error;
  const codes = codesOf(error);
  // What a proxy or the way to it does is told as the proxy's; the code is in the reason.
  const isOfProxy = stage === 'proxy' || stage === 'tunnel';
  const known = isOfProxy ? cut[stage] : codes.map((code) => byCode[code]).find((code) => code !== undefined);
  return netError(
    known ?? unlisted(codes, stage),
    { host: place.host, port: place.port, bytes, reason: codes.at(-1) ?? 'unknown' },
    {
      cause: error,
    },
  );
}

/** undici's own time-outs, where a dispatcher of `agentFor` is used without our deadline. */
const undiciTimeouts = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

function unlisted(codes: string[], stage: Stage): NetCode {
  if (codes.some((code) => undiciTimeouts.includes(code))) return late[stage];
  if (codes.some((code) => code.startsWith('HPE_'))) return 'HTTP_INVALID';
  if (stage === 'tls' && !codes.some((code) => code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')) {
    return 'TLS_HANDSHAKE_FAILED';
  }
  return cut[stage];
}

/** The codes of an error, of its causes and, where several addresses were tried, of each attempt. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  // undici's parser leaves out the code of some of its errors.
  const { code = error.name === 'HTTPParserError' ? 'HPE_UNKNOWN' : undefined } = error as { code?: unknown };
  return [
    ...(typeof code === 'string' ? [code] : []),
    // undici gives its parser's errors a code only sometimes.
    ...(error.name === 'HTTPParserError' ? ['HPE_INVALID'] : []),
    ...(error instanceof AggregateError ? error.errors.flatMap((one) => codesOf(one, depth + 1)) : []),
    ...codesOf(error.cause, depth + 1),
  ];
}
