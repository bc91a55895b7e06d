import type { AwsCredentials } from '#clusters/worker';
import { type ClusterWays, createClusterWays } from '#clusters/worker';
import type { Net } from '#net';
import { createEngine, type Engine, type Json, type Ports, type Row } from '#reconcile';
import { SecretReferences } from '#secretReferences';
import type { Vault } from '#secrets';
import type { ControllerGiven } from '#settings';
import type { Table } from '#store';
import type { Access } from './access/access.ts';
import { createAccess } from './access/createAccess.ts';
import { prepare } from './access/prepare/prepare.ts';
import { createMembershipSecrets, type MembershipSecrets } from './access/sealed.ts';
import { act } from './act.ts';
import { answerCall } from './answer.ts';
import { joinIn } from './area.ts';
import type { JoinCall } from './calls.ts';
import { climb } from './ladder/climb.ts';
import { logSight } from './ladder/logStages.ts';
import { SharedMembers } from './ladder/sharedMembers.ts';
import { Tokens } from './ladder/tokens.ts';
import type { MembershipData } from './model.ts';
import { type Eyes, lookFor, observe } from './observe.ts';
import { SettingsMembership } from './settings/applySettings.ts';

/** What the worker needs of its host, beside what every engine needs. */
export interface WorkerPorts extends Ports {
  table: Table;
  vault: Vault;
  net: Net;
  allowInsecureTls: boolean;
  /** Drover's own AWS identity, where it has one: for clusters whose API servers lead to controllers. */
  environment: () => AwsCredentials | undefined;
  version: string;
  /** The settings of the environment that describe a membership of their own. */
  controller?: ControllerGiven;
}

/** What the parts of the worker share. */
export interface WorkerParts extends WorkerPorts {
  clusters: ClusterWays;
  secrets: MembershipSecrets;
  access: Access;
  tokens: Tokens;
  members: SharedMembers;
  engine: Engine<MembershipData>;
  settings: SettingsMembership;
}

/** The side of this area that reaches controllers: the only one that opens and seals their secrets. */
export interface JoinWorker {
  readonly engine: Engine<MembershipData>;
  answer(call: JoinCall): Promise<Json>;
  /** Ends the connections that are kept. */
  close(): Promise<void>;
}

export function createWorker(ports: WorkerPorts): JoinWorker {
  const clusters = createClusterWays(ports);
  const secrets = createMembershipSecrets(ports);
  const access = createAccess({ ...ports, kube: clusters }, secrets);
  const tokens = new Tokens({ ...ports, access });
  const members = new SharedMembers(ports);
  const visited = new Map<string, Row<MembershipData>>();
  const eyes: Eyes = {
    clock: ports.clock,
    meter: ports.meter,
    access,
    async climb(row, visit, upTo) {
      visited.set(row.id, row);
      const sight = await climb({ ...ports, access, tokens, members }, row, visit, { upTo });
      logSight(ports.log, row, sight);
      return sight;
    },
  };
  /** What was handed over is done: the sessions that it opened are used by scrapes, or by nobody any more. */
  const leave = async () => {
    const rows = [...visited.values()];
    visited.clear();
    await Promise.all(rows.map((row) => access.leaveIdle(row, { kind: 'step', within: rows })));
  };
  const area = joinIn({
    observe: (row, context) => observe(eyes, row, context),
    look: (row, context) => lookFor(eyes, row, context),
    act: (row, action, context) => act({ ...ports, access, tokens }, row, action, context),
  });
  const engine = createEngine(area, ports);
  // Workers never invoke their own kind: what they make due, a tick hands over.
  const couriers = { ...ports.couriers, work: async () => undefined };
  const { records } = createEngine(area, { ...ports, couriers });
  const settings = new SettingsMembership({
    ...ports,
    given: ports.controller ?? {},
    references: new SecretReferences(ports.clock),
    records,
    prepare: (call) => prepare({ ...ports, clusters, secrets, records }, call),
  });
  const parts: WorkerParts = {
    ...ports,
    ...{ clusters, secrets, access, tokens, members, settings },
    engine: { ...engine, records },
  };
  return {
    engine: {
      ...engine,
      async work(handOver) {
        try {
          return await engine.work(handOver);
        } finally {
          await leave();
        }
      },
    },
    answer: (call) => answerCall(parts, call),
    async close() {
      await Promise.all([access.close(), clusters.close()]);
    },
  };
}

export { joinShelf } from './access/accounts/accountItems.ts';
export type { JoinCall };
