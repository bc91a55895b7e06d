import { type Instant, minute } from '#time';
import { checkEks } from '../credential/checkEks.ts';
import { clusterError } from '../errors.ts';
import { type AwsCredentials, presign } from './presign.ts';

export interface EksToken {
  readonly token: string;
  /** When a new one has to be made: a minute before the cluster would refuse it. */
  readonly expiresAt: Instant;
}

const lifetime = 15 * minute;
const leeway = minute;
/** As `aws eks get-token` writes it. Whatever stands here, EKS takes a token for 15 minutes. */
const urlSeconds = 60;

/**
 * The bearer token of an EKS cluster, made without asking anybody: the signed address of a question to STS, who the
 * signer is, bound to the cluster by its name. EKS sends it, and believes the answer.
 */
export function eksToken(
  { region, clusterName }: { readonly region: string; readonly clusterName: string },
  credentials: AwsCredentials,
  now: Instant,
): EksToken {
  const { failure } = checkEks({ region, clusterName });
  if (failure) throw clusterError(failure.code, failure.values);
  const url = presign(
    {
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: stsHost(region), 'x-k8s-aws-id': clusterName },
    },
    { region, service: 'sts' },
    credentials,
    now,
    urlSeconds,
  );
  return {
    token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`,
    expiresAt: now + lifetime - leeway,
  };
}

/** The partitions of AWS have domains of their own; regions tell theirs by how they begin. */
const domains: readonly [prefix: string, domain: string][] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
];

export function stsHost(region: string): string {
  const [, domain = 'amazonaws.com'] = domains.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return `sts.${region}.${domain}`;
}
