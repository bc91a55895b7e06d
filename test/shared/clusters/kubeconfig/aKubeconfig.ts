import { stringify } from 'yaml';
import { clientCertificate, createCa } from '../../../../infra/world/pki/index.ts';
import { day } from '../../../../shared/time/index.ts';

export const now = Date.now();
const validity = { notBefore: now - day, notAfter: now + 90 * day };

export const ca = createCa({ commonName: 'kubernetes', ...validity });
export const ada = clientCertificate(ca, {
  commonName: 'ada',
  organizations: ['operators'],
  ...validity,
});
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const token = 'a-token-of-the-test.0123456789';

type Fields = Record<string, unknown>;

export interface Given {
  cluster?: Fields;
  user?: Fields;
  context?: Fields;
  top?: Fields;
}

/** A kubeconfig of one context, with the fields given on top; undefined leaves one out. */
export const kubeconfigObject = ({ cluster, user, context, top }: Given = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'store',
  clusters: [
    {
      name: 'store-cluster',
      cluster: {
        server: 'https://203.0.113.7:6443',
        'certificate-authority-data': base64(ca.certPem),
        ...cluster,
      },
    },
  ],
  users: [{ name: 'store-user', user: user ?? { token } }],
  contexts: [{ name: 'store', context: { cluster: 'store-cluster', user: 'store-user', ...context } }],
  ...top,
});

export const aKubeconfig = (given: Given = {}): string => stringify(kubeconfigObject(given));
