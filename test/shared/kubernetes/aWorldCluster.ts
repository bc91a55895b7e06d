import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { connect, type KubeAccess, type KubeConnection, type KubePorts } from '#kubernetes';
import { createNet, type Resolve } from '#net';
import { type Clock, systemClock } from '#time';
import { type Exposed, exposeAlone } from '../../../infra/world/exposed.ts';
import type { Fault } from '../../../infra/world/faults/fault.ts';
import { ServiceAccountKey } from '../../../infra/world/kubernetes/auth/index.ts';
import { SimulatedCluster } from '../../../infra/world/kubernetes/cluster.ts';
import { Kinds } from '../../../infra/world/kubernetes/kinds/kinds.ts';
import { ca, identity } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

const serviceAccountKey = new ServiceAccountKey(
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
);

export const administratorToken = 'administrator-token';
export const strangerToken = 'stranger-token';

export const toLoopback: Resolve = async () => ['127.0.0.1'];

/** Names lead to loopback. Time stands still unless told otherwise: on a busy machine no deadline passes. */
export function portsAt(clock: Clock, resolve = toLoopback): KubePorts {
  return { net: createNet({ clock, allowLoopback: true, resolve }), clock, version: '1.2.3' };
}

export const ports = portsAt(new SteppedClock());

export interface WorldCluster {
  readonly exposed: Exposed;
  readonly cluster: SimulatedCluster;
  /** As its administrator, by token. */
  readonly access: KubeAccess;
}

/** A simulated cluster on a port of its own, for the time of a test. */
export async function aWorldCluster(...faults: Fault[]): Promise<WorldCluster> {
  const cluster = new SimulatedCluster({
    name: 'test',
    clock: systemClock,
    random: randomBytes,
    kinds: new Kinds(),
    address: '127.0.0.1:6443',
    credentials: {
      tokens: new Map([
        [administratorToken, { name: 'admin', groups: ['system:masters'] }],
        [strangerToken, { name: 'stranger', groups: [] }],
      ]),
      serviceAccountKey,
      caCertificate: ca.certPem,
    },
    report: (error) => {
      throw error;
    },
  });
  await cluster.settled();
  const exposed = await exposeAlone(
    {
      name: cluster.name,
      get revision() {
        return cluster.objects.revision;
      },
      answer: (request) => cluster.answer(request),
    },
    { port: 0, identity, seed: 'test', clock: systemClock, faults },
  );
  onTestFinished(() => exposed[Symbol.asyncDispose]());
  return {
    exposed,
    cluster,
    access: { server: exposed.address, ca: ca.certPem, bearer: () => administratorToken },
  };
}

export async function connected(access: KubeAccess, given: KubePorts = ports): Promise<KubeConnection> {
  const connection = await connect(given, access);
  onTestFinished(() => connection.close());
  return connection;
}
