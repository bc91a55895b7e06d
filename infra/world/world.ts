import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, lockFolder, makeFolder } from '../local/ownFolder.ts';
import { WorldClock } from './clock.ts';
import { openControl } from './control/server.ts';
import { fail } from './errors.ts';
import { type Exposed, type ExposedCluster, exposeAlone, openGateway } from './exposed.ts';
import type { Fault } from './faults/fault.ts';
import { caName, completeKept, ownNames, readKept, writeSecret } from './kept.ts';
import { type Credential, kubeconfig } from './kubeconfig.ts';
import type { SimulatedCluster } from './kubernetes/cluster.ts';
import { type MadeCluster, type MakeOptions, makeCluster } from './madeCluster.ts';
import type { ExposedController } from './neuvector/exposed.ts';
import { installInside } from './neuvector/inside.ts';
import {
  type ControllerSpec,
  defaultControllers,
  entryOf,
  openController,
  reachIn,
} from './neuvector/world.ts';

export interface ClusterSpec {
  readonly name: string;
  readonly nodes: number;
  readonly podsPerNode?: number;
  /** Switched on from the start. */
  readonly faults?: readonly Fault[];
}

export const defaultClusters: readonly ClusterSpec[] = [
  { name: 'development', nodes: 5 },
  { name: 'testing', nodes: 20 },
  { name: 'production', nodes: 200 },
  { name: 'expired', nodes: 3, faults: [{ kind: 'certificate', problem: 'expired' }] },
  { name: 'refused', nodes: 3, faults: [{ kind: 'refused' }] },
];

export interface WorldOptions {
  /** Drover's data folder; the world has `world/` in it. */
  readonly data: string;
  readonly clusters?: readonly ClusterSpec[];
  readonly controllers?: readonly ControllerSpec[];
  /** So many small clusters share one more port. Without a number: as many as there were. */
  readonly small?: number | undefined;
  readonly seed?: string | undefined;
  readonly speed?: number | undefined;
  readonly isFresh?: boolean;
  /** Where a new world looks for free ports from. */
  readonly firstPort?: number | undefined;
}

export interface WorldCluster {
  readonly name: string;
  readonly cluster: SimulatedCluster;
  readonly exposed: Exposed;
  /** It has a port of its own. */
  readonly isAlone: boolean;
  /** The administrator's, as a file. */
  readonly kubeconfig: string;
  readonly network: Map<string, string>;
}

/** Disposing of it ends all its listeners and puts everything on disk. */
export interface World extends AsyncDisposable {
  readonly clusters: ReadonlyMap<string, WorldCluster>;
  /** Of NeuVector. */
  readonly controllers: ReadonlyMap<string, ExposedController>;
  /** Lists them, with what they are reached with. */
  readonly controllersFile: string;
  readonly clock: WorldClock;
  /** Of the control page and API. */
  readonly control: string;
}

const firstPort = 16_440;
const nodesOfSmall = 1;

type OwnOfCluster = Pick<MakeOptions, 'tokens' | 'serviceAccountKey' | 'caCertificate' | 'address'>;

/** Starts the world in the folder as it was, or makes it. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = join(options.data, 'world');
  await using undo = new AsyncDisposableStack();
  undo.defer(await takeFolder(folder));
  if (options.isFresh) await empty(folder);
  const file = join(folder, 'world.json');
  const specs = options.clusters ?? defaultClusters;
  const controllerSpecs = (options.controllers ?? defaultControllers).filter(
    ({ inside }) => inside === undefined || specs.some(({ name }) => name === inside),
  );
  const before = await readKept(file);
  if (before && options.seed !== undefined && options.seed !== before.seed)
    throw fail('WORLD_SEED_FIXED', { folder });
  const small = smallNames(options.small ?? Object.keys(before?.small ?? {}).length);
  const kept = await completeKept(before, {
    seed: options.seed ?? 'drover',
    names: specs.map(({ name }) => name),
    smallNames: small,
    controllerNames: controllerSpecs.map(({ name }) => name),
    firstPort: options.firstPort ?? firstPort,
    now: Date.now(),
  });
  await writeSecret(file, JSON.stringify(kept));
  const clock = new WorldClock({ speed: options.speed ?? 1, ahead: kept.ahead });
  undo.defer(() => writeSecret(file, JSON.stringify({ ...kept, ahead: clock.ahead })));

  const journals = join(folder, 'journals');
  await makeFolder(journals);
  const ends = new AbortController();
  undo.defer(() => ends.abort());
  const clusters = new Map<string, WorldCluster>();
  const make = (spec: ClusterSpec, own: OwnOfCluster) => {
    const journalFile = join(journals, `${spec.name}.jsonl`);
    return makeCluster({ ...spec, ...own, seed: kept.seed, madeAt: kept.madeAt, clock, journalFile });
  };
  const add = async (made: MadeCluster, exposed: Exposed, caPem: string, credential: Credential) => {
    const { cluster, journal } = made;
    const { name } = cluster;
    const path = join(folder, `${name}.kubeconfig`);
    await writeSecret(path, kubeconfig({ name, server: exposed.address, caPem, credential }));
    void cluster.keepCompacting(ends.signal);
    undo.defer(() => journal.flush());
    clusters.set(name, { ...made, name, exposed, isAlone: 'certificate' in credential, kubeconfig: path });
  };

  for (const spec of specs) {
    const { port, ca, server, administrator, serviceAccountKey } = kept.clusters[spec.name]!;
    const made = await make(spec, {
      tokens: new Map(),
      serviceAccountKey,
      caCertificate: ca.certPem,
      address: `127.0.0.1:${port}`,
    });
    const identity = { ca, caName, server, names: ownNames(false) };
    const exposed = await onPort(port, spec.name, () =>
      exposeAlone(exposable(made), { port, identity, seed: kept.seed, clock, faults: spec.faults ?? [] }),
    );
    undo.use(exposed);
    await add(made, exposed, ca.certPem, { certificate: administrator });
  }
  if (small.length > 0) {
    const { port, ca, server } = kept.gateway!;
    const identity = { ca, caName, server, names: ownNames(true) };
    const gateway = await onPort(port, 'gateway', () =>
      openGateway({ port, identity, seed: kept.seed, clock }),
    );
    undo.use(gateway);
    const own = { caCertificate: ca.certPem, address: `127.0.0.1:${port}` };
    for (const name of small) {
      const { token, serviceAccountKey } = kept.small[name]!;
      const tokens = new Map([[token, administratorUser]]);
      const made = await make({ name, nodes: nodesOfSmall }, { ...own, tokens, serviceAccountKey });
      await add(made, gateway.expose(exposable(made)), ca.certPem, { token });
    }
  }
  const controllers = new Map<string, ExposedController>();
  const reach = reachIn(kept.controllers);
  for (const spec of controllerSpecs) {
    const { name } = spec;
    const own = kept.controllers[name]!;
    const exposed = await onPort(own.port, name, () =>
      openController(spec, { kept: own, folder: join(folder, 'neuvector'), seed: kept.seed, clock, reach }),
    );
    undo.use(exposed);
    controllers.set(name, exposed);
    if (spec.inside === undefined) continue;
    const { cluster, network } = clusters.get(spec.inside)!;
    const { address } = installInside(cluster, { seed: kept.seed, password: own.password });
    network.set(address, `127.0.0.1:${exposed.rest.port}`);
  }
  const controllersFile = join(folder, 'neuvector.json');
  const entries = controllerSpecs
    .filter(({ inside }) => inside === undefined)
    .map(({ name }) => entryOf(controllers.get(name)!, kept.controllers[name]!));
  await writeSecret(controllersFile, `${JSON.stringify(entries, null, 2)}\n`);
  const { controlPort } = kept;
  const control = await onPort(controlPort, 'control page', () =>
    openControl({ clusters, controllers, clock }, controlPort),
  );
  undo.use(control);
  const running = undo.move();
  return {
    clusters,
    controllers,
    controllersFile,
    clock,
    control: `http://127.0.0.1:${controlPort}/`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const administratorUser = { name: 'kubernetes-admin', groups: ['system:masters'] };

const exposable = ({ cluster }: MadeCluster): ExposedCluster => ({
  name: cluster.name,
  get revision() {
    return cluster.objects.revision;
  },
  answer: (request) => cluster.answer(request),
});

const smallNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `edge-${String(i + 1).padStart(4, '0')}`);

async function takeFolder(folder: string): Promise<() => void> {
  let release: ReturnType<typeof lockFolder>;
  try {
    await makeFolder(folder);
    release = lockFolder(folder);
  } catch (error) {
    throw fail('WORLD_FOLDER_UNWRITABLE', { folder, reason: codeOf(error) }, { cause: error });
  }
  if (release === 'taken') throw fail('WORLD_IN_USE', { folder });
  return release;
}

/** What a world leaves there, and nothing else. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^(journals$|world\.json|neuvector($|\.json))|\.kubeconfig/.test(name)) {
      await rm(join(folder, name), { recursive: true });
    }
  }
}

async function onPort<T>(port: number, what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw fail('WORLD_PORT_BUSY', { port, what }, { cause: error });
  }
}
