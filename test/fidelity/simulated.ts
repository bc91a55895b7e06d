import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { day, hour, systemClock } from '#time';
import { Listener } from '../../infra/world/host/listener.ts';
import { serve } from '../../infra/world/host/serve.ts';
import { ServiceAccountKey } from '../../infra/world/kubernetes/auth/index.ts';
import { SimulatedCluster } from '../../infra/world/kubernetes/cluster.ts';
import { Kinds } from '../../infra/world/kubernetes/kinds/kinds.ts';
import { clientCertificate, createCa, serverCertificate } from '../../infra/world/pki/index.ts';
import type { World } from './play/connection.ts';

/** One simulated cluster behind a listener of its own, on the real clock, with what its administrator needs. */
export async function startSimulated(): Promise<World & { faults: unknown[]; stop(): Promise<void> }> {
  const now = systemClock.now();
  const validity = { notBefore: now - hour, notAfter: now + day };
  const ca = createCa({ ...validity, commonName: 'simulated' });
  const clientCa = createCa({ ...validity, commonName: 'simulated clients' });
  const server = serverCertificate(ca, { ...validity, names: ['127.0.0.1', 'localhost', 'kubernetes'] });
  const admin = clientCertificate(clientCa, {
    ...validity,
    commonName: 'fidelity-administrator',
    organizations: ['system:masters'],
  });
  const faults: unknown[] = [];
  const flow = { schemaUid: randomUUID(), levelUid: randomUUID() };
  let served: SimulatedCluster | undefined;
  const listener = await Listener.open(
    0,
    { is: 'tls', certPem: server.certPem, keyPem: server.keyPem, clientCaPem: clientCa.certPem },
    (incoming, outgoing, reset) =>
      void serve(
        incoming,
        outgoing,
        (path) =>
          served && {
            path,
            served: { respond: async (request) => ({ answer: await served!.answer(request) }), flow },
          },
        reset,
      ),
  );
  served = new SimulatedCluster({
    name: 'simulated',
    clock: systemClock,
    random: randomBytes,
    kinds: new Kinds(),
    address: `127.0.0.1:${listener.port}`,
    credentials: { tokens: new Map(), serviceAccountKey: aKey(), caCertificate: ca.certPem },
    report: (error) => faults.push(error),
  });
  return {
    server: `https://127.0.0.1:${listener.port}`,
    caPem: ca.certPem,
    clientCertPem: admin.certPem,
    clientKeyPem: admin.keyPem,
    faults,
    stop: () => listener.close(),
  };
}

const aKey = () =>
  new ServiceAccountKey(
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey,
  );
