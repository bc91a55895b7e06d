import { X509Certificate } from 'node:crypto';
import { DroverError } from '#errors';
import { day, hour } from '#time';
import { clientCertificate, createCa } from '../../../../../infra/world/pki/index.ts';
import { readKubeconfig } from '../../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { parseFailure } from '../../../../../shared/clusters/ladder/parseFailure.ts';
import { ca, client, coming, past, server } from '../aCluster.ts';
import { aToken, certificate, type FaultCase, failing, locally, seconds, token } from './making.ts';

/** A kubeconfig as a person pasted it. */
const kubeconfig = (fault: string, code: string, user: object, cluster: object = {}): FaultCase => ({
  fault,
  step: 'parse',
  code,
  outcome: 'failed',
  climb: async () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1:6443', ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    });
    try {
      readKubeconfig(text);
    } catch (error) {
      if (error instanceof DroverError) return parseFailure(error, Date.now());
      throw error;
    }
    throw new Error('It was read.');
  },
});

const garbageOf = {
  'a CA that is no PEM': 'garbage',
  'a CA that is cut off': ca.certPem.slice(0, ca.certPem.length / 2),
  'a CA in DER': new X509Certificate(ca.certPem).raw.toString('latin1'),
  'a CA in base64 twice': Buffer.from(Buffer.from(ca.certPem).toString('base64')).toString('base64'),
};

/** What is told before anything is dialled. */
export const parsingFaults: readonly FaultCase[] = [
  kubeconfig('a kubeconfig that runs a command', 'KUBECONFIG_EXEC', {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws' },
  }),
  kubeconfig('a kubeconfig with a token file', 'KUBECONFIG_FILE_PATH', { tokenFile: '/etc/passwd' }),
  kubeconfig(
    'a kubeconfig with the path of a CA',
    'KUBECONFIG_FILE_PATH',
    { token: 'the-pasted-secret' },
    { 'certificate-authority': '/etc/passwd' },
  ),
  kubeconfig(
    'a kubeconfig with a proxy',
    'KUBECONFIG_PROXY',
    { token: 'the-pasted-secret' },
    { 'proxy-url': 'http://p:1' },
  ),
  kubeconfig('a kubeconfig with an auth provider', 'KUBECONFIG_AUTH_PROVIDER', {
    'auth-provider': { name: 'oidc' },
  }),
  kubeconfig('a kubeconfig with a password', 'KUBECONFIG_BASIC_AUTH', {
    username: 'ada',
    password: 'the-pasted-secret',
  }),
  kubeconfig('a kubeconfig that acts as somebody else', 'KUBECONFIG_IMPERSONATION', {
    token: 'the-pasted-secret',
    as: 'system:admin',
  }),
  kubeconfig(
    'a kubeconfig that does not verify the server',
    'KUBECONFIG_INSECURE',
    { token: 'the-pasted-secret' },
    { 'insecure-skip-tls-verify': true },
  ),
  kubeconfig(
    'a kubeconfig with plain http',
    'KUBECONFIG_SERVER_NOT_HTTPS',
    { token: 'the-pasted-secret' },
    { server: 'http://192.0.2.1:8080' },
  ),
  kubeconfig('a kubeconfig with a misspelt field', 'KUBECONFIG_UNKNOWN_FIELD', { tokem: 'x' }),
  kubeconfig('a kubeconfig without a credential', 'KUBECONFIG_CREDENTIAL_MISSING', {}),
  ...Object.entries(garbageOf).map(([fault, given]) =>
    failing(fault, 'parse', 'CA_INVALID', locally({ ca: given })),
  ),
  failing(
    'a CA that has expired',
    'parse',
    'CA_EXPIRED',
    locally({ ca: createCa({ commonName: 'old', ...past }).certPem }),
  ),
  failing(
    'a key of another certificate',
    'parse',
    'KEY_MISMATCH',
    locally({
      credential: { type: 'certificate', certificate: client.certPem, key: server.keyPem },
    }),
  ),
  failing(
    'a key that is garbage',
    'parse',
    'KEY_INVALID',
    locally({ credential: { type: 'certificate', certificate: client.certPem, key: 'garbage' } }),
  ),
  failing(
    'a client certificate that is garbage',
    'parse',
    'CERT_INVALID',
    locally({ credential: { type: 'certificate', certificate: 'garbage', key: client.keyPem } }),
  ),
  failing(
    'a client certificate of tomorrow',
    'parse',
    'CERT_NOT_YET_VALID_LOCAL',
    locally(certificate(clientCertificate(ca, { commonName: 'ada', ...coming }))),
  ),
  failing(
    'an EKS credential without a region',
    'parse',
    'EKS_INVALID',
    locally({ credential: { type: 'eks', region: '', clusterName: 'store-42' } }),
  ),
  failing(
    'a client certificate that has expired',
    'parse',
    'CERT_EXPIRED_LOCAL',
    locally(certificate(clientCertificate(ca, { commonName: 'ada', ...past }))),
  ),
  failing(
    'a token that has expired',
    'parse',
    'TOKEN_EXPIRED_LOCAL',
    locally(token(aToken({ exp: seconds(Date.now() - hour) }))),
  ),
  failing(
    'a token of tomorrow',
    'parse',
    'TOKEN_NOT_YET_VALID',
    locally(token(aToken({ nbf: seconds(Date.now() + day) }))),
  ),
  failing('a token with a line end inside', 'parse', 'TOKEN_INVALID', locally(token('one\ntwo'))),
  failing('a fingerprint that is none', 'parse', 'FINGERPRINT_INVALID', locally({ fingerprint: 'ab:cd' })),
];
