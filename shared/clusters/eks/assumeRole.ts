import type { Net } from '#net';
import { type Clock, type Instant, minute } from '#time';
import { clusterError } from '../errors.ts';
import { stsHost } from './eksToken.ts';
import { type AwsCredentials, presign } from './presign.ts';

export interface RoleSession {
  readonly credentials: AwsCredentials;
  readonly expiresAt: Instant;
}

/** STS answers a page of XML; ours are a few hundred bytes. */
const maxBytes = 64 * 1024;
const timeout = 5_000;
/** The signed question is sent at once. */
const urlSeconds = 60;

/** The credentials of a role, which AWS gives for an hour to whom the role trusts. */
export async function assumeRole(
  { net, clock }: { net: Pick<Net, 'send'>; clock: Clock },
  { region, roleArn }: { readonly region: string; readonly roleArn: string },
  credentials: AwsCredentials,
): Promise<RoleSession> {
  const query = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'drover',
    DurationSeconds: '3600',
  };
  const request = { path: '/', query, headers: { host: stsHost(region) } };
  const url = presign(request, { region, service: 'sts' }, credentials, clock.now(), urlSeconds);
  const { status, body } = await net.send('cluster', { url, timeout, maxBytes });
  const answer = Buffer.from(body).toString('utf8');
  const refused = (reason: string) => clusterError('EKS_ROLE_REFUSED', { status, role: roleArn, reason });
  if (status !== 200) throw refused(textOf(answer, 'Code') ?? 'unknown');
  const accessKeyId = textOf(answer, 'AccessKeyId');
  const secretAccessKey = textOf(answer, 'SecretAccessKey');
  const sessionToken = textOf(answer, 'SessionToken');
  const expiresAt = Date.parse(textOf(answer, 'Expiration') ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt))
    throw refused('incomplete');
  if (expiresAt < clock.now() + minute) throw refused('expired');
  return { credentials: { accessKeyId, secretAccessKey, sessionToken }, expiresAt };
}

/** Of an element that stands once and holds plain text: none of those that are read has markup or entities. */
const textOf = (xml: string, element: string): string | undefined =>
  new RegExp(`<${element}>([\\w+/=.:-]{1,4096})</${element}>`).exec(xml)?.[1];
