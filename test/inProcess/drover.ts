import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterCall } from '#clusters';
import { createWorker } from '#clusters/worker';
import { answerCoreCall, coreArea, ensureAdministrator } from '#core';
import type { JoinCall } from '#join';
import { createWorker as createJoinWorker } from '#join/worker';
import { createLog } from '#log';
import { TableMeter } from '#metrics';
import { createNet } from '#net';
import { createEngine, type HandOver, type Json } from '#reconcile';
import { createVault, keyFile } from '#secrets';
import { readSettings } from '#settings';
import { MemoryTable, type Table } from '#store';
import { type Clock, type Instant, systemClock } from '#time';
import { appPortsOf } from '../../functions/appPorts.ts';
import { families } from '../../functions/families.ts';
import { createApp } from '../../functions/http/app.ts';
import { areaRoutes } from '../../functions/http/areaRoutes.ts';
import type { Drover } from '../../functions/ports.ts';

export interface InProcess extends AsyncDisposable {
  readonly table: Table;
  readonly clock: Clock;
  /** As the administrator. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** What the timer does each minute. */
  tick(): void;
  /** How many rounds were handed over and worked through, and when the last of them ended. */
  rounds(): { begun: number; done: number; endedAt: Instant };
  /** Resolves when nothing that was handed over is under way. */
  settled(): Promise<void>;
}

export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/**
 * All of Drover in this process, without the emulator: the HTTP app, and the areas' engines, which hand work to each
 * other at once. The way out and everything that is sealed are the real ones.
 */
export async function droverInProcess(
  given: { table?: Table; clock?: Clock; environment?: NodeJS.ProcessEnv } = {},
): Promise<InProcess> {
  const { clock = systemClock, table = new MemoryTable(() => clock.now()) } = given;
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'drover-in-process-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const log = createLog({ level: 'error' });
  const meter = new TableMeter({ table, families, log });
  const settings = { ...readSettings(given.environment ?? {}), version: '0.0.0-test' };
  const underWay = new Set<Promise<unknown>>();
  const rounds = { begun: 0, done: 0, endedAt: 0 };
  const follow = (work: Promise<unknown>) => {
    underWay.add(work);
    const forget = () => underWay.delete(work);
    work.then(forget, (error: unknown) => {
      forget();
      log.error('failed', { error });
    });
  };
  const counted = async (round: Promise<unknown>) => {
    rounds.begun++;
    await round;
    rounds.done++;
    rounds.endedAt = clock.now();
  };
  const engines = () => ({ core, clusters: worker.engine, join: joins.engine });
  const engineOf = (area: string) => engines()[area as keyof ReturnType<typeof engines>];
  const ports: Drover = {
    settings,
    clock,
    random: randomBytes,
    log,
    meter,
    table,
    couriers: {
      work: async (area, handOver: HandOver) => {
        const working = engineOf(area).work(handOver);
        follow(handOver.kind === 'round' ? counted(working) : working);
      },
      // Not followed: it stays while something is near.
      tick: async (area) => void engineOf(area)?.tick(),
      call: async (area, request) => {
        // As over the wire: what is not JSON does not travel.
        const asked = JSON.parse(JSON.stringify(request)) as { [name: string]: Json };
        return JSON.parse(JSON.stringify(await answerOf(area, asked))) as Json;
      },
    },
    flush: () => meter.flush(),
  };
  const answerOf = (area: string, asked: { [name: string]: Json }): Promise<Json> => {
    if (area === 'clusters') return worker.answer(asked as unknown as ClusterCall);
    if (area === 'join') return joins.answer(asked as unknown as JoinCall);
    return answerCoreCall(asked, { ...ports, core: core.records });
  };
  const net = createNet({ clock, clusterTargets: [], webhookTargets: [], allowLoopback: true });
  const vault = createVault(table, keyFile(join(folder, 'keys')), clock);
  const core = createEngine(coreArea, ports);
  const reaching = {
    ...ports,
    vault,
    net,
    allowInsecureTls: false,
    environment: () => undefined,
    version: settings.version,
  };
  const worker = createWorker(reaching);
  undo.defer(() => worker.close());
  const joins = createJoinWorker(reaching);
  undo.defer(() => joins.close());
  undo.defer(async () => {
    await Promise.all(Object.values(engines()).map((engine) => engine.drain()));
  });
  const app = createApp(appPortsOf(ports), areaRoutes);
  const { text: token } = await ensureAdministrator({ ...ports, core: core.records }, undefined);
  const running = undo.move();
  return {
    table,
    clock,
    async call(method, path, body, headers = {}) {
      const answer = await app.request(path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    tick() {
      void worker.engine.tick();
      void joins.engine.tick();
    },
    rounds: () => ({ ...rounds }),
    async settled() {
      while (underWay.size > 0) await Promise.race(underWay);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
