import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '#time';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** With credentials of an assumed role. */
  readonly sessionToken?: string;
}

/** A GET without a body. Names of headers are in lower case, `host` among them. */
export interface Request {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>> & { readonly host: string };
}

export interface Scope {
  readonly region: string;
  readonly service: string;
}

/** The URL of a request, signed in its query by AWS Signature Version 4: whoever has it may send it for `seconds`. */
export function presign(
  { path, query, headers }: Request,
  { region, service }: Scope,
  credentials: AwsCredentials,
  now: Instant,
  seconds: number,
): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const names = Object.keys(headers).sort();
  const signed = queryOf({
    ...query,
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope.join('/')}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(seconds),
    ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': names.join(';'),
  });
  const canonical = [
    'GET',
    path,
    signed,
    ...names.map((name) => `${name}:${headers[name]!.trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    sha256(''),
  ].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [algorithm, time, scope.join('/'), sha256(canonical)].join('\n'));
  return `https://${headers.host}${path}?${signed}&X-Amz-Signature=${signature.toString('hex')}`;
}

const algorithm = 'AWS4-HMAC-SHA256';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In the order of the encoded names, byte by byte. */
const queryOf = (query: Record<string, string>): string =>
  Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');

/** What encodeURIComponent leaves and AWS does not. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
