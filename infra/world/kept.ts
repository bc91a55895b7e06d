import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { day, type Instant } from '#time';
import { whyTaken } from '../local/whyTaken.ts';
import { fail } from './errors.ts';
import { gatewayDomain } from './exposed.ts';
import { controllerCertificate } from './neuvector/certificate.ts';
import { clientCertificate, createCa, serverCertificate } from './pki/index.ts';

const certified = z.strictObject({ certPem: z.string(), keyPem: z.string() });
const authority = z.strictObject({ port: z.int(), ca: certified, server: certified });

/** Of a cluster with a port of its own: an administrator's certificate, as a real one's installer makes it. */
const keptCluster = authority.extend({ administrator: certified, serviceAccountKey: z.string() });
/** Of a cluster behind the gateway, which ends TLS: a token. */
const keptSmall = z.strictObject({ token: z.string(), serviceAccountKey: z.string() });

/** Of a NeuVector controller: what it is reached with. What became of its federation is in a file of its own. */
const keptController = z.strictObject({
  port: z.int(),
  federationPort: z.int(),
  certificate: certified,
  password: z.string(),
  apiKeySecret: z.string(),
});

const keptWorld = z.strictObject({
  format: z.literal(1),
  seed: z.string(),
  madeAt: z.int(),
  /** How far the world's clock is ahead of the real one. */
  ahead: z.int(),
  controlPort: z.int(),
  clusters: z.record(z.string(), keptCluster),
  gateway: authority.optional(),
  small: z.record(z.string(), keptSmall),
  /** Worlds made before there were any have none yet. */
  controllers: z.record(z.string(), keptController).default({}),
});

/** What makes a restart the same world: its identities. What lies in its clusters follows from the seed and the journals. */
export type KeptWorld = z.infer<typeof keptWorld>;
export type KeptCluster = z.infer<typeof keptCluster>;
export type KeptSmall = z.infer<typeof keptSmall>;
export type KeptController = z.infer<typeof keptController>;

export async function readKept(file: string): Promise<KeptWorld | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return keptWorld.parse(JSON.parse(text));
  } catch (cause) {
    throw fail('WORLD_UNREADABLE', { file }, { cause });
  }
}

/** Replaced whole, and only its owner can read it. */
export async function writeSecret(file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

/** Adds what is not there yet, and takes nothing away. */
export async function completeKept(
  kept: KeptWorld | undefined,
  wanted: {
    seed: string;
    names: readonly string[];
    smallNames: readonly string[];
    controllerNames: readonly string[];
    firstPort: number;
    now: Instant;
  },
): Promise<KeptWorld> {
  const { seed, names, smallNames, controllerNames, now } = wanted;
  const nextPort = freePorts(wanted.firstPort, usedPorts(kept));
  const made: KeptWorld = kept
    ? {
        ...kept,
        clusters: { ...kept.clusters },
        small: { ...kept.small },
        controllers: { ...kept.controllers },
      }
    : {
        ...{ format: 1, seed, madeAt: now, ahead: 0, controlPort: await nextPort() },
        ...{ clusters: {}, small: {}, controllers: {} },
      };
  for (const name of names) made.clusters[name] ??= aCluster(await nextPort(), now);
  if (smallNames.length > 0) made.gateway ??= anAuthority(await nextPort(), now, [`*.${gatewayDomain}`]);
  for (const name of smallNames) {
    made.small[name] ??= { token: newSecret(), serviceAccountKey: newKey() };
  }
  for (const name of controllerNames) {
    made.controllers[name] ??= {
      port: await nextPort(),
      federationPort: await nextPort(),
      certificate: controllerCertificate(validity(now)),
      password: newSecret(),
      apiKeySecret: newSecret(),
    };
  }
  return made;
}

const usedPorts = (kept: KeptWorld | undefined): Set<number> =>
  new Set(
    kept && [
      kept.controlPort,
      ...Object.values(kept.clusters).map(({ port }) => port),
      ...(kept.gateway ? [kept.gateway.port] : []),
      ...Object.values(kept.controllers).flatMap(({ port, federationPort }) => [port, federationPort]),
    ],
  );

function aCluster(port: number, now: Instant): KeptCluster {
  const own = anAuthority(port, now, kubernetesNames);
  const administrator = clientCertificate(own.ca, {
    commonName: 'kubernetes-admin',
    // Whom RBAC lets do anything; `kubeadm:cluster-admins` would need a binding.
    organizations: ['system:masters'],
    ...validity(now),
  });
  return { ...own, administrator, serviceAccountKey: newKey() };
}

/** What a real one's certificate is for as well, besides where it is reached. */
const kubernetesNames = [
  ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
  '10.96.0.1',
];

function anAuthority(port: number, now: Instant, alsoNamed: readonly string[]) {
  const ca = createCa({ commonName: caName, ...validity(now) });
  const server = serverCertificate(ca, { names: namesWith(alsoNamed), ...validity(now) });
  return { port, ca, server };
}

export const caName = 'kubernetes';
export const ownNames = (isGateway: boolean) =>
  namesWith(isGateway ? [`*.${gatewayDomain}`] : kubernetesNames);
const namesWith = (more: readonly string[]): [string, ...string[]] => ['127.0.0.1', 'localhost', ...more];

/** From a day before, for clocks that differ, and longer than anyone keeps a demo. */
const validity = (now: Instant) => ({ notBefore: now - day, notAfter: now + 3_650 * day });

const newSecret = (): string => randomBytes(32).toString('base64url');

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** One after another, from the first; what is in use is passed over. */
function freePorts(first: number, used: ReadonlySet<number>): () => Promise<number> {
  let next = first;
  return async () => {
    while (used.has(next) || (await whyTaken(next))) next += 1;
    return next++;
  };
}
