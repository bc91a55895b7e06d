import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import { day, systemClock } from '#time';
import { exposeAlone } from '../../../../infra/world/exposed.ts';
import type { Fault } from '../../../../infra/world/faults/fault.ts';
import type { ApiAnswer, ApiRequest } from '../../../../infra/world/kubernetes/api.ts';
import { ServiceAccountKey } from '../../../../infra/world/kubernetes/auth/index.ts';
import { SimulatedCluster } from '../../../../infra/world/kubernetes/cluster.ts';
import { Kinds } from '../../../../infra/world/kubernetes/kinds/kinds.ts';
import { populate } from '../../../../infra/world/kubernetes/population/index.ts';
import { clientCertificate, createCa, serverCertificate } from '../../../../infra/world/pki/index.ts';
import { accessManifest } from '../../../../shared/clusters/accessManifest/accessManifest.ts';
import type { Capability } from '../../../../shared/clusters/accessManifest/permissions.ts';

const now = Date.now();
export const valid = { notBefore: now - day, notAfter: now + 365 * day };
export const coming = { notBefore: now + day, notAfter: now + 9 * day };
export const past = { notBefore: now - 9 * day, notAfter: now - day };

export const ca = createCa({ commonName: 'kubernetes', ...valid });
/** Of another cluster, named alike. */
export const foreignCa = createCa({ commonName: 'kubernetes', ...valid });
export const names = ['127.0.0.1', 'localhost', 'api.example.com'] as const;
export const server = serverCertificate(ca, { names, ...valid });
export const client = clientCertificate(ca, {
  commonName: 'ada',
  organizations: ['system:masters'],
  ...valid,
});

const newKey = () =>
  new ServiceAccountKey(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
  );

const aSimulatedCluster = () =>
  new SimulatedCluster({
    name: 'test',
    clock: systemClock,
    random: randomBytes,
    kinds: new Kinds(),
    address: '127.0.0.1:6443',
    credentials: {
      tokens: new Map([[administrator, { name: 'root', groups: ['system:masters'] }]]),
      serviceAccountKey: newKey(),
      caCertificate: ca.certPem,
    },
    population: populate({ seed: 'ladder', nodes: 3, podsPerNode: 12, at: now }),
  });

/** A token without a form, as files of static tokens hold them. */
export const administrator = 'administrators-token';

const theCluster = aSimulatedCluster();

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server answers, looked into by tests
type Body = any;

/** As the administrator, without a socket. */
export async function asAdministrator(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await theCluster.answer({
    method,
    path,
    query: new URLSearchParams(method === 'PATCH' ? { fieldManager: 'test', force: 'true' } : {}),
    headers: {
      authorization: `Bearer ${administrator}`,
      'content-type': method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json',
    },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    signal: new AbortController().signal,
  });
  const parsed = JSON.parse(String(answer.body));
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${parsed.message}`);
  return parsed;
}

const pathOf: Record<string, (namespace: string | undefined) => string> = {
  Namespace: () => '/api/v1/namespaces',
  ServiceAccount: (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
  ClusterRole: () => '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: () => '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
  RoleBinding: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
};

/** What `kubectl apply -f -` does. */
export async function apply(manifest: string): Promise<void> {
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as { kind: string; metadata: { name: string; namespace?: string } };
    const { name, namespace } = object.metadata;
    await asAdministrator('PATCH', `${pathOf[object.kind]!(namespace)}/${name}`, object);
  }
}

/** The token of a new service account that was granted these. */
export async function tokenOf(
  name: string,
  capabilities: readonly Capability[],
  spec: object = {},
): Promise<string> {
  await apply(accessManifest({ namespace: 'drover-system', name, capabilities }));
  const path = `/api/v1/namespaces/drover-system/serviceaccounts/${name}/token`;
  const { status } = await asAdministrator('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 90 * 24 * 3600, ...spec },
  });
  return status.token;
}

export interface AsExposed {
  readonly faults?: readonly Fault[];
  /** In place of the cluster's own answer, where it gives one. */
  readonly instead?: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer> | undefined;
}

export interface ExposedCluster {
  readonly url: string;
  readonly port: number;
  /** What came to it, in order. */
  readonly requests: ApiRequest[];
}

/** The one cluster behind a port of its own, with these faults; closed with the stack. */
export async function expose(
  stack: AsyncDisposableStack,
  { faults = [], instead = () => undefined }: AsExposed = {},
): Promise<ExposedCluster> {
  const requests: ApiRequest[] = [];
  const exposed = await exposeAlone(
    {
      name: 'test',
      revision: theCluster.objects.revision,
      answer: async (request) => {
        requests.push(request);
        return instead(request) ?? theCluster.answer(request);
      },
    },
    {
      port: 0,
      identity: { ca, caName: 'kubernetes', names, server },
      seed: 'ladder',
      clock: systemClock,
      faults,
    },
  );
  stack.use(exposed);
  return { url: exposed.address, port: Number(new URL(exposed.address).port), requests };
}

export const json = (body: unknown, status = 200): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const status = (code: number, reason: string, message: string): ApiAnswer =>
  json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }, code);
