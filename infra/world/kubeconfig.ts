import type { Certified } from './pki/index.ts';

export type Credential = { certificate: Certified } | { token: string };

/** As `kubeadm` writes an administrator's: everything in one file, nothing that refers to another. */
export function kubeconfig(given: {
  name: string;
  server: string;
  caPem: string;
  credential: Credential;
}): string {
  const { name, server, caPem, credential } = given;
  const user =
    'token' in credential
      ? `    token: ${credential.token}`
      : `    client-certificate-data: ${base64(credential.certificate.certPem)}
    client-key-data: ${base64(credential.certificate.keyPem)}`;
  return `apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster:
    certificate-authority-data: ${base64(caPem)}
    server: ${server}
users:
- name: ${name}-admin
  user:
${user}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}-admin
current-context: ${name}
preferences: {}
`;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
