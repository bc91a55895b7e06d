import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Certified,
  clientCertificate,
  createCa,
  serverCertificate,
} from '../../../infra/world/pki/index.ts';
import { day, hour } from '../../../shared/time/index.ts';

/** Who may speak to the API server; its own components among them. */
const clients = {
  admin: { commonName: 'drover-test-admin', organizations: ['system:masters'] },
  'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
  'kube-scheduler': { commonName: 'system:kube-scheduler' },
  kwok: { commonName: 'kwok', organizations: ['system:masters'] },
} as const;
export type Client = keyof typeof clients;

/** The first address of the service network is the API server's own. */
export const serviceNetwork = '10.96.0.0/16';
const serverNames = [
  '127.0.0.1',
  'localhost',
  '10.96.0.1',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
] as const;

export interface Credentials {
  readonly ca: Certified;
  readonly server: Certified;
  readonly serviceAccount: { readonly publicPem: string; readonly keyPem: string };
  readonly clients: Readonly<Record<Client, Certified>>;
}

/** Those a folder already has, so that what was handed out stays good over a restart, or new ones. */
export async function credentialsIn(folder: string): Promise<Credentials> {
  const path = join(folder, 'credentials.json');
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = newCredentials();
  await writeFile(path, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function newCredentials(): Credentials {
  const valid = { notBefore: Date.now() - hour, notAfter: Date.now() + 3_650 * day };
  const ca = createCa({ commonName: 'Drover test control plane', ...valid });
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certified = Object.entries(clients).map(([name, who]) => [
    name,
    clientCertificate(ca, { ...who, ...valid }),
  ]);
  return {
    ca,
    server: serverCertificate(ca, { names: serverNames, ...valid }),
    serviceAccount: {
      publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    clients: Object.fromEntries(certified),
  };
}

export interface CredentialFiles {
  readonly caCert: string;
  readonly caKey: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly serviceAccountPublic: string;
  readonly serviceAccountKey: string;
  readonly kubeconfigs: Readonly<Record<Client, string>>;
}

/** Written out as the components want them, with the address of this run. */
export async function writeCredentials(
  folder: string,
  server: string,
  given: Credentials,
): Promise<CredentialFiles> {
  const path = (name: string) => join(folder, name);
  const files = {
    caCert: path('ca.crt'),
    caKey: path('ca.key'),
    serverCert: path('server.crt'),
    serverKey: path('server.key'),
    serviceAccountPublic: path('service-account.pub'),
    serviceAccountKey: path('service-account.key'),
    kubeconfigs: {
      admin: path('admin.kubeconfig'),
      'kube-controller-manager': path('kube-controller-manager.kubeconfig'),
      'kube-scheduler': path('kube-scheduler.kubeconfig'),
      kwok: path('kwok.kubeconfig'),
    },
  };
  const contents: [string, string][] = [
    [files.caCert, given.ca.certPem],
    [files.caKey, given.ca.keyPem],
    [files.serverCert, given.server.certPem],
    [files.serverKey, given.server.keyPem],
    [files.serviceAccountPublic, given.serviceAccount.publicPem],
    [files.serviceAccountKey, given.serviceAccount.keyPem],
    ...(Object.entries(files.kubeconfigs) as [Client, string][]).map(([client, file]): [string, string] => [
      file,
      kubeconfig(server, given.ca.certPem, given.clients[client], client),
    ]),
  ];
  await mkdir(folder, { recursive: true });
  await Promise.all(contents.map(([file, content]) => writeFile(file, content, { mode: 0o600 })));
  return files;
}

/** JSON, which every reader of YAML takes. */
function kubeconfig(server: string, caPem: string, client: Certified, user: string): string {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const name = 'drover-test';
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(caPem) } }],
      users: [
        {
          name: user,
          user: {
            'client-certificate-data': base64(client.certPem),
            'client-key-data': base64(client.keyPem),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user } }],
      'current-context': name,
    },
    undefined,
    2,
  );
}
