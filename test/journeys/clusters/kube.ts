import { Agent, request } from 'undici';
import { parse, parseAllDocuments } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind
type Found = any;

/** A cluster as its administrator has it: what a person would do there with kubectl. */
export interface Kube {
  readonly server: string;
  readonly ca: string;
  /** The administrator's own. */
  readonly certificate: string;
  readonly key: string;
  readonly kubeconfig: string;
  /** `kubectl apply -f -` */
  apply(manifest: string): Promise<void>;
  get(path: string): Promise<Found>;
  delete(path: string): Promise<void>;
  /** `kubectl create token` */
  token(namespace: string, name: string): Promise<string>;
  close(): Promise<void>;
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

const pathOf = ({ apiVersion, kind, metadata: { name, namespace } }: Manifest): string => {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${within}/${kind.toLowerCase()}s/${name}`;
};

export function kubeOf(kubeconfig: string): Kube {
  const { clusters, users } = parse(kubeconfig);
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { 'client-certificate-data': certificate, 'client-key-data': key } = users[0].user;
  const [caPem, certPem, keyPem] = [ca, certificate, key].map((text) =>
    Buffer.from(String(text), 'base64').toString(),
  ) as [string, string, string];
  const dispatcher = new Agent({ connect: { ca: caPem, cert: certPem, key: keyPem } });
  async function send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    given: { body?: object; type?: string } = {},
  ) {
    const { statusCode, body } = await request(`${server}${path}`, {
      dispatcher,
      method,
      ...(given.body && {
        body: JSON.stringify(given.body),
        headers: { 'content-type': given.type ?? 'application/json' },
      }),
    });
    const found: Found = await body.json();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${found.message}`);
    return found;
  }
  return {
    server,
    ca: caPem,
    certificate: certPem,
    key: keyPem,
    kubeconfig,
    async apply(manifest) {
      for (const document of parseAllDocuments(manifest)) {
        const body = document.toJS() as (Manifest & object) | null;
        if (!body) continue;
        const path = `${pathOf(body)}?fieldManager=journey&force=true`;
        await send('PATCH', path, { body, type: 'application/apply-patch+yaml' });
      }
    },
    get: (path) => send('GET', path),
    delete: async (path) => void (await send('DELETE', path)),
    async token(namespace, name) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const body = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 172_800 },
      };
      return (await send('POST', path, { body })).status.token;
    },
    close: () => dispatcher.destroy(),
  };
}
