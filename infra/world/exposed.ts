import { createHash } from 'node:crypto';
import type { Clock } from '#time';
import { fail } from './errors.ts';
import { type Identity, modeOf } from './faults/connectionMode.ts';
import { type ConnectionFault, type Fault, isOfConnection } from './faults/fault.ts';
import { type ActiveFault, Faults } from './faults/faults.ts';
import { type Cluster, respond } from './faults/respond.ts';
import { type Handler, Listener, type Mode } from './host/listener.ts';
import { type Served, serve } from './host/serve.ts';

/** A cluster that answers, behind a port of its own or one of a shared gateway. */
export interface ExposedCluster extends Cluster {
  readonly name: string;
  /** Of the last write. */
  readonly revision: number;
}

/** What is the matter somewhere, and how that is changed. */
export interface Faulty {
  list(): ActiveFault[];
  switchOn(fault: Fault): Promise<ActiveFault>;
  switchOff(id: string): Promise<boolean>;
  clear(): Promise<void>;
}

/** Where a cluster is reached, and what is the matter there. */
export interface Exposed extends Faulty {
  readonly cluster: ExposedCluster;
  readonly address: string;
}

/** A port whose connections can fail; what becomes of its requests is its handler's matter. */
export interface FaultyPort extends Faulty, AsyncDisposable {
  readonly port: number;
  /** After what `mode` answers has changed for another reason than a fault. */
  refresh(): Promise<void>;
}

export async function openFaulty(given: {
  port: number;
  faults: Faults;
  mode(fault: ConnectionFault | undefined): Mode;
  handler: Handler;
  revision?(): number;
}): Promise<FaultyPort> {
  const { faults, revision = () => 0 } = given;
  const mode = () => given.mode(faults.connection);
  const listener = await Listener.open(given.port, mode(), given.handler);
  /** Requests' faults leave connections as they are. */
  const changing = async <T>(change: () => T): Promise<T> => {
    const before = faults.connection;
    const result = change();
    if (faults.connection !== before) await listener.setMode(mode());
    return result;
  };
  return {
    port: listener.port,
    refresh: () => listener.setMode(mode()),
    list: () => faults.list(),
    switchOn: (fault) => changing(() => faults.add(fault, revision())),
    switchOff: (id) => changing(() => faults.remove(id)),
    clear: () => changing(() => faults.clear()),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

interface Port {
  readonly port: number;
  readonly identity: Identity;
  readonly seed: string;
  readonly clock: Clock;
}

/** On a port of its own, which can fail as a whole. */
export async function exposeAlone(
  cluster: ExposedCluster,
  given: Port & { readonly faults?: readonly Fault[] },
): Promise<Exposed & AsyncDisposable> {
  const { identity, clock } = given;
  const faults = new Faults(`${given.seed}/${cluster.name}`);
  for (const fault of given.faults ?? []) faults.add(fault, cluster.revision);
  const served = servedBy(cluster, faults);
  const port = await openFaulty({
    port: given.port,
    faults,
    mode: (fault) => modeOf(fault, identity, clock.now()),
    handler: (incoming, outgoing, reset) => serve(incoming, outgoing, (path) => ({ served, path }), reset),
    revision: () => cluster.revision,
  });
  return { ...port, cluster, address: `https://127.0.0.1:${port.port}` };
}

export interface Gateway extends AsyncDisposable {
  readonly port: number;
  expose(cluster: ExposedCluster): Exposed;
}

const prefix = '/k8s/clusters/';
/** What follows a cluster's name where the host name tells which one is meant. */
export const gatewayDomain = 'clusters.localhost';

/** Many clusters on one port, told apart by the path or by the host name, as gateways do. */
export async function openGateway({ port, identity, seed, clock }: Port): Promise<Gateway> {
  const byName = new Map<string, Served>();
  const find = (path: string, host: string) => {
    const named = host.replace(/:\d+$/, '');
    if (named.endsWith(`.${gatewayDomain}`)) {
      const served = byName.get(named.slice(0, -gatewayDomain.length - 1));
      return served && { served, path };
    }
    if (!path.startsWith(prefix)) return undefined;
    const end = `${path}/`.indexOf('/', prefix.length);
    const served = byName.get(path.slice(prefix.length, end));
    return served && { served, path: path.slice(end) || '/' };
  };
  const listener = await Listener.open(
    port,
    modeOf(undefined, identity, clock.now()),
    (incoming, outgoing, reset) => serve(incoming, outgoing, find, reset),
  );
  return {
    port: listener.port,
    expose(cluster) {
      const faults = new Faults(`${seed}/${cluster.name}`);
      byName.set(cluster.name, servedBy(cluster, faults));
      return {
        cluster,
        address: `https://127.0.0.1:${listener.port}${prefix}${cluster.name}`,
        list: () => faults.list(),
        async switchOn(fault) {
          if (isOfConnection(fault))
            throw fail('WORLD_FAULT_OF_SHARED_PORT', { cluster: cluster.name, kind: fault.kind });
          return faults.add(fault, cluster.revision);
        },
        switchOff: async (id) => faults.remove(id),
        clear: async () => faults.clear(),
      };
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

const servedBy = (cluster: ExposedCluster, faults: Faults): Served => ({
  respond: (request) => respond(cluster, faults, request),
  flow: {
    schemaUid: uidOf(`${cluster.name}/flow-schema`),
    levelUid: uidOf(`${cluster.name}/priority-level`),
  },
});

/** Always the same of the same name; of version 8, which is for UUIDs made in one's own way. */
function uidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
