import type { Text } from '#errors';
import type { Net } from '#net';
import type { ControllerBody } from '../../calls.ts';
import type { ControllerAccess, OpenedCredential } from '../../model.ts';
import { accessError } from '../errors.ts';
import { isPort, notPort, readAddress } from './addresses.ts';
import { type KeptCredential, readCredential, type Stamp } from './credential.ts';
import type { Findings } from './findings.ts';
import { changedTrust, type KeptTrust, noTrust, readTrust } from './trust.ts';

/** Who is registered, for the form of a controller behind a cluster. */
export interface RegisteredClusters {
  find(idOrName: string): Promise<{ id: string; name: string } | undefined>;
}

export interface ControllerParts {
  net: Pick<Net, 'check'>;
  clusters: RegisteredClusters;
  findings: Findings;
  stamp: Stamp;
}

export interface KeptController {
  access: ControllerAccess;
  sealed: { ca?: string; credential: OpenedCredential };
}

export interface ReadController extends KeptController {
  /** What of the way there is another than before, by field. */
  moved: string[];
  hasNewCredential: boolean;
}

/** Undefined where what is missing is among the findings. */
export async function readController(
  parts: ControllerParts,
  body: ControllerBody | undefined,
  kept: KeptController | undefined,
): Promise<ReadController | undefined> {
  const { findings, stamp } = parts;
  if (!body) {
    if (!kept) findings.needed('controller', whyController);
    return kept && { ...kept, moved: [], hasNewCredential: false };
  }
  const by = formOf(findings, body, kept);
  const way =
    by === 'cluster' ? await wayByCluster(parts, body, kept) : await wayByAddress(parts, body, kept);
  const given = body.credential && readCredential(findings, 'controller.credential', body.credential, stamp);
  const credential: KeptCredential | undefined =
    given ?? (kept && { view: kept.access.credential, opened: kept.sealed.credential });
  if (!credential) findings.needed('controller.credential', whyCredential);
  if (!way || !credential) return undefined;
  const { access, ca, moved } = way;
  return {
    access: { ...access, credential: credential.view },
    sealed: { ...(ca !== undefined && { ca }), credential: credential.opened },
    moved,
    hasNewCredential: given !== undefined,
  };
}

const fieldsOf = {
  address: ['address', 'ca', 'fingerprint', 'tlsServerName'],
  cluster: ['cluster', 'namespace', 'service', 'port'],
} as const;

/** The two forms exclude each other; where neither shows, it is the one that is stored. */
function formOf(
  findings: Findings,
  body: ControllerBody,
  kept: KeptController | undefined,
): ControllerAccess['by'] {
  const given = (by: ControllerAccess['by']) =>
    fieldsOf[by].find((field) => body[field] !== undefined && body[field] !== null);
  const [address, cluster] = [given('address'), given('cluster')];
  if (address !== undefined && cluster !== undefined) {
    findings.apart(`controller.${address}`, `controller.${cluster}`, twoForms);
  }
  if (cluster !== undefined) return 'cluster';
  return address === undefined ? (kept?.access.by ?? 'address') : 'address';
}

type Bare<A> = A extends ControllerAccess ? Omit<A, 'credential'> : never;

interface ReadWay {
  access: Bare<ControllerAccess>;
  ca?: string | undefined;
  moved: string[];
}

async function wayByAddress(
  { net, findings }: ControllerParts,
  body: ControllerBody,
  kept: KeptController | undefined,
): Promise<ReadWay | undefined> {
  const before = kept?.access.by === 'address' ? kept.access : undefined;
  const keptTrust: KeptTrust = before ? { view: before.trust, ca: kept?.sealed.ca } : noTrust;
  const trust = await readTrust(findings, 'controller', body, keptTrust);
  const given = body.address;
  const address =
    given === undefined
      ? before?.address
      : await findings.of('controller.address', () => readAddress(net, 'controller.address', given));
  if (address === undefined) {
    if (given === undefined) findings.needed('controller.address', whyAddress);
    return undefined;
  }
  const moved = !kept
    ? []
    : before
      ? [...(before.address === address ? [] : ['address']), ...changedTrust(keptTrust, trust)]
      : ['address'];
  return { access: { by: 'address', address, trust: trust.view }, ca: trust.ca, moved };
}

async function wayByCluster(
  { clusters, findings }: ControllerParts,
  body: ControllerBody,
  kept: KeptController | undefined,
): Promise<ReadWay | undefined> {
  const before = kept?.access.by === 'cluster' ? kept.access : undefined;
  const {
    cluster: named,
    namespace = before?.namespace,
    service = before?.service,
    port = before?.port,
  } = body;
  const cluster =
    named === undefined
      ? before?.cluster
      : await findings.of('controller.cluster', () => readCluster(clusters, named));
  if (named === undefined && !before) findings.needed('controller.cluster', whyCluster);
  const parts = { namespace, service, port };
  for (const [field, value] of Object.entries(parts)) {
    if (value === undefined) findings.needed(`controller.${field}`, whyCluster);
  }
  for (const field of ['namespace', 'service'] as const) {
    const value = parts[field];
    if (value !== undefined && !dnsLabel.test(value)) findings.wrong(`controller.${field}`, notLabel);
  }
  if (port !== undefined && !isPort(port)) findings.wrong('controller.port', notPort);
  if (cluster === undefined || namespace === undefined || service === undefined || port === undefined) {
    return undefined;
  }
  const access = { by: 'cluster', cluster, namespace, service, port } as const;
  const moved = !kept
    ? []
    : before
      ? fieldsOf.cluster.filter((field) => before[field] !== access[field])
      : ['cluster'];
  return { access, moved };
}

async function readCluster(clusters: RegisteredClusters, named: string): Promise<string> {
  const found = await clusters.find(named);
  if (!found) throw accessError('CONTROLLER_CLUSTER_UNKNOWN', { cluster: named });
  return found.id;
}

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const whyController: Text = {
  en: 'which controller it is about, by address or behind a registered cluster',
  zh: '须说明是哪个控制器（地址，或位于某个已注册集群之后）',
};
const whyCredential: Text = {
  en: 'a user with password, or an API key, of the controller',
  zh: '须提供控制器的用户与密码，或 API 密钥',
};
const whyAddress: Text = {
  en: 'where the controller’s REST API answers, host:port, or controller.cluster',
  zh: '须说明控制器 REST API 的地址 host:port，或提供 controller.cluster',
};
const whyCluster: Text = {
  en: 'behind a cluster the controller is found by cluster, namespace, service and port',
  zh: '位于集群之后的控制器须由 cluster、namespace、service 和 port 确定',
};
const twoForms: Text = {
  en: 'a controller is reached by its address or through a registered cluster',
  zh: '控制器要么按地址访问，要么经由已注册集群访问',
};
const notLabel: Text = {
  en: 'is no name of Kubernetes: lower-case letters, digits and hyphens, at most 63',
  zh: '不是 Kubernetes 名称：小写字母、数字和连字符，最多 63 个',
};
