import { join } from 'node:path';
import { type CredentialFiles, serviceNetwork } from './credentials.ts';

export interface Ports {
  readonly api: number;
  readonly etcdClient: number;
  readonly etcdPeer: number;
}

/** Without TLS: it is on loopback and holds what a test may lose, for which reason it also need not reach the disk. */
export function etcdFlags(folder: string, { etcdClient, etcdPeer }: Ports): string[] {
  const [client, peer] = [`http://127.0.0.1:${etcdClient}`, `http://127.0.0.1:${etcdPeer}`];
  return [
    '--name=drover',
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=drover=${peer}`,
    '--log-level=warn',
  ];
}

export function apiServerFlags(files: CredentialFiles, { api, etcdClient }: Ports): string[] {
  return [
    '--bind-address=127.0.0.1',
    `--secure-port=${api}`,
    '--advertise-address=127.0.0.1',
    // Every other one refuses a loopback address. There is a Service called kubernetes, without Endpoints.
    '--endpoint-reconciler-type=none',
    `--etcd-servers=http://127.0.0.1:${etcdClient}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--client-ca-file=${files.caCert}`,
    `--tls-cert-file=${files.serverCert}`,
    `--tls-private-key-file=${files.serverKey}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.serviceAccountPublic}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--service-cluster-ip-range=${serviceNetwork}`,
    // By default a node's host name is looked up first, by a query that leaves the machine.
    '--kubelet-preferred-address-types=InternalIP',
    // What is replaced is forgotten after 40 s at most, not after ten minutes: cases wait for that.
    '--etcd-compaction-interval=20s',
    '--profiling=false',
  ];
}

/** Neither is asked anything, so neither listens; and each is alone, so neither leads. */
const unasked = ['--secure-port=0', '--leader-elect=false', '--kube-api-qps=500', '--kube-api-burst=1000'];

/** How long a node is without a sign of life before it counts as not ready: above the renewal of KWOK's leases. */
const nodeLeaseSeconds = 240;
const nodeGraceSeconds = 300;

export function controllerManagerFlags(folder: string, files: CredentialFiles): string[] {
  return [
    ...unasked,
    `--kubeconfig=${files.kubeconfigs['kube-controller-manager']}`,
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${files.caCert}`,
    `--cluster-signing-cert-file=${files.caCert}`,
    `--cluster-signing-key-file=${files.caKey}`,
    // It makes this folder, by default below /usr.
    `--flex-volume-plugin-dir=${join(folder, 'flex')}`,
    `--node-monitor-grace-period=${nodeGraceSeconds}s`,
  ];
}

export const schedulerFlags = (files: CredentialFiles): string[] => [
  ...unasked,
  `--kubeconfig=${files.kubeconfigs['kube-scheduler']}`,
];

export const kwokFlags = (files: CredentialFiles): string[] => [
  `--kubeconfig=${files.kubeconfigs.kwok}`,
  `--config=${join(import.meta.dirname, 'kwok.yaml')}`,
  '--manage-all-nodes=true',
  // Ten times what a kubelet has: 2,000 nodes would write 200 leases a second.
  `--node-lease-duration-seconds=${nodeLeaseSeconds}`,
  '--cidr=10.64.0.0/10',
  '--node-ip=127.0.0.1',
];
