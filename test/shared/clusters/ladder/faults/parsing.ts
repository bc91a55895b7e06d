import { X509Certificate } from 'node:crypto';
import { DroverError } from '#errors';
import { day, hour } from '#time';
import { clientCertificate, createCa } from '../../../../../infra/world/pki/index.ts';
import { readKubeconfig } from '../../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { parseFailure } from '../../../../../shared/clusters/ladder/parseFailure.ts';
import { ca, client, past, server } from '../aCluster.ts';

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
