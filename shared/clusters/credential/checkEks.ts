import type { Text } from '#errors';
import { type Finding, found } from '../finding.ts';
import type { Checked } from './checked.ts';

export interface EksCredential {
  readonly region: string;
  readonly clusterName: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly roleArn?: string;
}

export interface EksEvidence {
  readonly region: string;
  readonly clusterName: string;
  readonly roleArn: string | null;
}

const forms = {
  // The region becomes part of a host's name, the cluster's name a header.
  region: /^[a-z]{2,4}(-[a-z]{1,12}){1,3}-\d{1,2}$/,
  clusterName: /^[0-9A-Za-z][\w-]{0,99}$/,
  accessKeyId: /^\w{16,128}$/,
  secretAccessKey: /^[\x21-\x7e]{16,256}$/,
  roleArn: /^arn:aws[a-z-]{0,12}:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
} as const satisfies Record<keyof EksCredential, RegExp>;

/** The token itself is made afresh for each use and so has no expiry to warn of. */
export function checkEks(credential: EksCredential): Checked<EksEvidence> {
  const failure = faultOf(credential);
  const { region, clusterName, roleArn = null } = credential;
  return {
    failure,
    warnings: [],
    expiries: [],
    evidence: failure ? null : { region, clusterName, roleArn },
  };
}

function faultOf(credential: EksCredential): Finding | null {
  for (const field of Object.keys(forms) as (keyof EksCredential)[]) {
    const value = credential[field];
    if (value !== undefined && !forms[field].test(value))
      return found('EKS_INVALID', { at: field, reason: isNot });
  }
  const [one, other] = [credential.accessKeyId, credential.secretAccessKey];
  if ((one === undefined) === (other === undefined)) return null;
  return found('EKS_INVALID', { at: one === undefined ? 'accessKeyId' : 'secretAccessKey', reason: missing });
}

const isNot: Text = { en: 'does not have the form that AWS gives it', zh: '不符合 AWS 的格式' };
const missing: Text = {
  en: 'is missing: access key id and secret access key come together',
  zh: '缺失：访问密钥 ID 与秘密访问密钥须同时提供',
};
