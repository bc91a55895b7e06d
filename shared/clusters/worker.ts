import { Connections } from '#kubernetes';
import type { Net } from '#net';
import { createEngine, type Engine, type Json, type Ports } from '#reconcile';
import type { Vault } from '#secrets';
import type { Table } from '#store';
import { act } from './act.ts';
import { answerCall } from './answer.ts';
import { type ClusterWorld, clustersIn } from './area.ts';
import type { ClusterCall } from './calls.ts';
import { createEksBearers, type EksBearers } from './eks/eksBearer.ts';
import type { AwsCredentials } from './eks/presign.ts';
import { type ClustersData, fleetId } from './model.ts';
import { type Eyes, lookFor, observe, observeFleet } from './observe.ts';
import { Reach } from './reach.ts';
import { createSecrets, type Secrets } from './secret/secrets.ts';
import { syncActs } from './sync/act.ts';

/** What the worker needs of its host, beside what every engine needs. */
export interface WorkerPorts extends Ports {
  table: Table;
  vault: Vault;
  net: Net;
  allowInsecureTls: boolean;
  knownGood?: string | undefined;
  /** Drover's own AWS identity, where it has one. */
  environment: () => AwsCredentials | undefined;
  version: string;
}

/** What the parts of the worker share. */
export interface WorkerParts extends WorkerPorts {
  secrets: Secrets;
  eks: EksBearers;
  reach: Reach;
  engine: Engine<ClustersData>;
}

/** The side of this area that reaches into clusters: the only one that opens and seals their secrets. */
export interface ClustersWorker {
  readonly engine: Engine<ClustersData>;
  answer(call: ClusterCall): Promise<Json>;
  /** Ends the connections that are kept. */
  close(): Promise<void>;
}

export function createWorker(ports: WorkerPorts): ClustersWorker {
  const secrets = createSecrets(ports);
  const eks = createEksBearers(ports);
  const { allowInsecureTls } = ports;
  const reach = new Reach({ secrets, connections: new Connections(ports), eks, allowInsecureTls });
  const eyes: Eyes = {
    reach,
    clock: ports.clock,
    net: ports.net,
    meter: ports.meter,
    knownGood: ports.knownGood,
    fleet: () => engine.records.get(fleetId, 'fleet'),
  };
  const world: ClusterWorld = {
    observe: (row, context) => observe(eyes, row, context),
    observeFleet: (context) => observeFleet(eyes, context),
    look: (row, context) => lookFor(eyes, row, context),
    act: (row, action, context) => act(parts, row, action, context),
    actOnSync: syncActs({
      withConnection: (row, context, use) =>
        reach.to(row, { visit: 'step', within: context }, use, context.signal),
    }),
  };
  const area = clustersIn(world);
  const engine = createEngine(area, ports);
  // Workers never invoke their own kind: what they make due, a tick hands over.
  const couriers = { ...ports.couriers, work: async () => undefined };
  const { records } = createEngine(area, { ...ports, couriers });
  const parts: WorkerParts = { ...ports, secrets, eks, reach, engine: { ...engine, records } };
  return {
    engine,
    answer: (call) => answerCall(parts, call),
    close: () => reach.close(),
  };
}

export { clusterShelf } from './secret/shelf.ts';
export { type ClusterWayPorts, type ClusterWays, createClusterWays } from './ways.ts';
export type { AwsCredentials, ClusterCall };
