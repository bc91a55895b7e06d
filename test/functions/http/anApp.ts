import { MemoryTable } from '#store';
import type { Clock } from '#time';
import { type App, createApp } from '../../../functions/http/app.ts';
import type { AppPorts } from '../../../functions/http/appPorts.ts';

export const start = Date.parse('2026-03-01T10:00:00Z');

export interface TestApp {
  app: App;
  ports: AppPorts;
  /** What was counted, in order. */
  counted: [string, Record<string, string>][];
  logged: { level: string; message: string; fields: Record<string, unknown> }[];
  flushes(): number;
  /** Moves the clock. */
  pass(milliseconds: number): void;
}

/** An app over a table in memory, with a clock that stands still until it is moved. */
export function anApp(over: Partial<AppPorts> = {}): TestApp {
  let now = start;
  let flushes = 0;
  let seed = 1;
  const nextByte = () => {
    seed = (seed * 48271) % 2147483647;
    return seed & 255;
  };
  const counted: TestApp['counted'] = [];
  const logged: TestApp['logged'] = [];
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const clock: Clock = { now: () => now, sleep: async (wait) => pass(wait) };
  const logAs =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void logged.push({ level, message, fields });
  const ports: AppPorts = {
    clock,
    random: (bytes) => Uint8Array.from({ length: bytes }, nextByte),
    couriers: { work: async () => {}, tick: async () => {}, call: async () => null },
    meter: { count: (family, labels) => void counted.push([family, labels]), observe: () => {} },
    log: { debug: logAs('debug'), info: logAs('info'), warn: logAs('warn'), error: logAs('error') },
    table: new MemoryTable(() => now),
    settings: { version: '0.0.0-test', corsOrigins: [] },
    flush: async () => void flushes++,
    ...over,
  };
  return {
    app: createApp(ports),
    ports,
    counted,
    logged,
    flushes: () => flushes,
    pass,
  };
}
