import type { Read } from '#certificates';
import { readCertificates } from '#certificates';
import type { Text } from '#errors';
import type { ConnectionBody, CredentialBody } from '../calls.ts';
import { checkEks } from '../credential/checkEks.ts';
import { checkFingerprint } from '../credential/checkFingerprint.ts';
import { readPrivateKey } from '../credential/privateKey.ts';
import { readToken } from '../credential/token.ts';
import { type ClusterCode, clusterError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { readKubeconfig } from '../kubeconfig/readKubeconfig.ts';
import { readServer } from '../kubeconfig/server.ts';
import { isServerName } from '../kubeconfig/vetCluster.ts';
import type { CredentialView } from '../model.ts';
import type { Opened, OpenedCredential } from '../secret/opened.ts';
import { splitProxy } from './proxy.ts';

/** What an administrator, or a record that is there, allows beyond what was given. */
export interface Leave {
  /** DROVER_ALLOW_INSECURE_TLS: a kubeconfig may ask not to verify its server. */
  readonly allowInsecure: boolean;
  /** The record was stored so. */
  readonly wasInsecure?: boolean;
}

/** How a cluster is reached, as it was given and could be read. */
export interface Connection {
  readonly server: string;
  readonly fingerprint?: string;
  readonly tlsServerName?: string;
  readonly proxy?: string;
  /** False only by an administrator's leave. */
  readonly isVerified: boolean;
  /** As what it was given. */
  readonly type: CredentialView['type'];
  readonly opened: Opened;
  readonly warnings: readonly Finding[];
}

interface Way {
  server: string;
  ca?: string;
  tlsServerName?: string;
  isVerified: boolean;
  credential: OpenedCredential;
  warnings: readonly Finding[];
}

/** Reads what was given, dialling nobody. Throws a DroverError that names the field and the way out. */
export function readConnection(body: ConnectionBody, leave: Leave): Connection {
  const { credential } = body;
  const { server, ca, tlsServerName, isVerified, ...read } =
    credential.type === 'kubeconfig' ? wayOfKubeconfig(credential, leave) : wayOf(body, credential, leave);
  const fingerprint = body.fingerprint == null ? undefined : fingerprintOf(body.fingerprint);
  const { proxy, proxyCredential } = body.proxy == null ? {} : splitProxy(body.proxy);
  return {
    server,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(proxy !== undefined && { proxy }),
    isVerified: isVerified || fingerprint !== undefined,
    type: credential.type,
    opened: {
      // A fingerprint is trusted in place of a CA.
      ...(ca !== undefined && fingerprint === undefined && { ca }),
      ...(proxyCredential !== undefined && { proxyCredential }),
      credential: read.credential,
    },
    warnings: read.warnings,
  };
}

function wayOfKubeconfig(
  { kubeconfig, context }: Extract<CredentialBody, { type: 'kubeconfig' }>,
  { allowInsecure }: Leave,
): Way {
  const options = { allowInsecure, ...(context !== undefined && { context }) };
  const { chosen, warnings } = readKubeconfig(kubeconfig, options);
  const { server, ca, tlsServerName, insecure } = chosen.cluster;
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    isVerified: insecure === undefined,
    credential: chosen.credential,
    warnings,
  };
}

function wayOf(
  { server, ca, tlsServerName }: ConnectionBody,
  credential: Exclude<CredentialBody, { type: 'kubeconfig' }>,
  { allowInsecure, wasInsecure = false }: Leave,
): Way {
  if (tlsServerName != null && !isServerName(tlsServerName)) {
    throw clusterError('KUBECONFIG_SERVER_INVALID', { at: 'tlsServerName', reason: notHost });
  }
  return {
    server: serverOf(server ?? ''),
    ...(ca != null && { ca: requireRead(readCertificates(ca), 'CA_INVALID', 'ca').pem }),
    ...(tlsServerName != null && { tlsServerName }),
    isVerified: ca != null || !wasInsecure || !allowInsecure,
    credential: readCredential(credential),
    warnings: [],
  };
}

function readCredential(given: Exclude<CredentialBody, { type: 'kubeconfig' }>): OpenedCredential {
  switch (given.type) {
    case 'token':
      return { type: 'token', token: requireRead(readToken(given.token), 'TOKEN_INVALID', 'token') };
    case 'certificate':
      return {
        type: 'certificate',
        certificate: requireRead(readCertificates(given.certificate), 'CERT_INVALID', 'certificate').pem,
        key: requireRead(readPrivateKey(given.key), 'KEY_INVALID', 'key').pem,
      };
    case 'eks': {
      const { accessKeyId, secretAccessKey, roleArn, ...cluster } = given;
      const eks = {
        ...cluster,
        ...(accessKeyId !== undefined && { accessKeyId }),
        ...(secretAccessKey !== undefined && { secretAccessKey }),
        ...(roleArn !== undefined && { roleArn }),
      };
      const { failure } = checkEks(eks);
      if (failure) throw clusterError(failure.code, failure.values);
      return eks;
    }
  }
}

function requireRead<T>(read: Read<T>, code: ClusterCode, at: string): T {
  if ('value' in read) return read.value;
  throw clusterError(code, { at, reason: read.reason });
}

function serverOf(text: string): string {
  const read = readServer(text);
  if ('value' in read) return read.value;
  throw read.reason === 'http'
    ? clusterError('KUBECONFIG_SERVER_NOT_HTTPS', { at: 'server' })
    : clusterError('KUBECONFIG_SERVER_INVALID', { at: 'server', reason: read.reason });
}

function fingerprintOf(text: string): string {
  const { failure, evidence } = checkFingerprint(text);
  if (failure || !evidence) throw clusterError(failure!.code, failure!.values);
  return evidence.fingerprint;
}

const notHost: Text = { en: 'is not the name of a host', zh: '不是主机名' };
