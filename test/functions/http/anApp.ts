import { type CoreData, coreArea, ensureAdministrator, newToken, usedSide } from '#core';
import { buildInfo, coreFamilies } from '#metrics';
import { type Couriers, createEngine, type Engine, type HandOver, type Ports } from '#reconcile';
import { MemoryTable, type Table } from '#store';
import type { Clock } from '#time';
import type { Routes } from '../../../functions/http/api.ts';
import { type App, createApp } from '../../../functions/http/app.ts';
import type { AppPorts, HttpSettings } from '../../../functions/http/appPorts.ts';

export const start = Date.parse('2026-03-01T10:00:00Z');

export interface TestApp {
  app: App;
  ports: AppPorts;
  core: Engine<CoreData>;
  table: Table;
  /** What was counted, in order. */
  counted: [string, Record<string, string>][];
  logged: { level: string; message: string; fields: Record<string, unknown> }[];
  flushes(): number;
  /** Moves the clock. */
  pass(milliseconds: number): void;
  /** Lets the core worker do what was handed to it. */
  settle(): Promise<void>;
  /** A request with a bearer token, a body as JSON, and what comes back as JSON. */
  call(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Answer }>;
  /** A token of that role, made without HTTP. */
  token(role: 'viewer' | 'operator' | 'admin', more?: { selector?: string; name?: string }): Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Answer = any;

interface Wishes {
  settings?: Partial<HttpSettings>;
  ports?: Partial<AppPorts>;
  /** What workers answer when they are asked. */
  answer?: Couriers['call'];
  /** Routes of areas under test, over the same ports. */
  areas?: (ports: Ports & { table: Table }) => Routes[];
}

/** An app over a table in memory and a real engine, with a clock that stands still until it is moved. */
export function anApp({ settings, ports: over, answer, areas }: Wishes = {}): TestApp {
  let now = start;
  let flushes = 0;
  let seed = 1;
  let names = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const pass = (milliseconds: number) => {
    now += milliseconds;
    const woken = sleepers.filter(({ at }) => at <= now);
    sleepers = sleepers.filter(({ at }) => at > now);
    for (const { wake } of woken) wake();
  };
  const nextByte = () => {
    seed = (seed * 48271) % 2147483647;
    return (seed >> 8) & 255;
  };
  const counted: TestApp['counted'] = [];
  const logged: TestApp['logged'] = [];
  const queue: HandOver[] = [];
  // Waiting alone takes the time it takes; what waits beside something else lasts until that, or the clock, moves.
  const clock: Clock = {
    now: () => now,
    sleep: (wait, until) => {
      if (!until) return Promise.resolve(pass(wait));
      return new Promise((resolve) => {
        sleepers.push({ at: now + wait, wake: resolve });
        aborted(until, resolve);
      });
    },
  };
  const logAs =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void logged.push({ level, message, fields });
  const table = over?.table ?? new MemoryTable(() => now);
  const common = {
    clock,
    table,
    random: (bytes: number) => Uint8Array.from({ length: bytes }, nextByte),
    couriers: {
      work: async (_area: string, handOver: HandOver) => void queue.push(handOver),
      tick: async () => {},
      call: answer ?? (async () => null),
    },
    meter: {
      count: (family: string, labels: Record<string, string>) => void counted.push([family, labels]),
      observe: () => {},
    },
    log: { debug: logAs('debug'), info: logAs('info'), warn: logAs('warn'), error: logAs('error') },
    ...over,
  };
  const core = createEngine(coreArea, common);
  const ports: AppPorts = {
    ...common,
    core: core.records,
    areaNames: ['core'],
    metrics: { families: coreFamilies, providers: [buildInfo('0.0.0-test')] },
    fetchJson: async () => {
      throw new Error('no identity provider here');
    },
    settings: {
      version: '0.0.0-test',
      corsOrigins: [],
      metricsPublic: false,
      oidcIssuer: undefined,
      oidcAudience: undefined,
      oidcRoleClaim: 'roles',
      allowInsecureTls: false,
      knownGood: undefined,
      clusterTargets: [],
      webhookTargets: [],
      logLevel: 'info',
      controller: {},
      ...settings,
    },
    vetWebhook: async () => {},
    flush: async () => void flushes++,
    ...over,
  };
  const app = createApp(ports, areas?.(common));
  return {
    app,
    ports,
    core,
    table,
    counted,
    logged,
    flushes: () => flushes,
    pass,
    async settle() {
      for (let next = queue.shift(); next; next = queue.shift()) {
        await Promise.race([core.work(next), turns(100)]);
      }
    },
    async call(token, method, path, body, headers = {}) {
      const answer = await app.request(path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    async token(role, { selector, name } = {}) {
      const id = core.records.newId('token');
      const wish = { id, role, description: '', selector: selector ?? null, expiresAt: null };
      const { data, text } = newToken(wish, null, now, common.random);
      await core.records.create(
        { kind: 'token', id, name: name ?? `${role}-${names++}`, labels: {}, data, sides: usedSide },
        { actor: { kind: 'system', id: 'test', name: 'test' }, action: 'token.create' },
      );
      return text;
    },
  };
}

/** A worker may stay with a record that has something near: it is not waited for. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function aborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', then, { once: true });
}

export async function anAdministrator({ ports, core }: TestApp): Promise<string> {
  return (await ensureAdministrator({ ...ports, core: core.records }, undefined)).text;
}
