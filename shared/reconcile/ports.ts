import type { Clock } from '#time';
import type { Json } from './area.ts';

/** What one function call asks of a worker. Dropped when `at` is more than 90 s old by the receiver's clock. */
export type HandOver = { at: number } & (
  | { kind: 'step'; ids: string[] }
  | { kind: 'round'; everySeconds: number; slice: number }
);

/** The way to other functions. Best effort: what is lost, the next tick finds. */
export interface Couriers {
  work(area: string, handOver: HandOver): Promise<void>;
  tick(area: string): Promise<void>;
  /**
   * Asks an area's worker and waits for its answer: what opens or seals a secret, or must look at once. Throws a
   * DroverError where the worker answered with one, or did not answer.
   */
  call(area: string, request: { [name: string]: Json }): Promise<Json>;
}

/** Increments of one call, flushed at its end. The families are defined in `#metrics`. */
export interface Meter {
  count(family: string, labels: Record<string, string>, by?: number): void;
  observe(family: string, labels: Record<string, string>, value: number): void;
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Ports {
  clock: Clock;
  /** Cryptographic bytes in production, seeded in simulations. */
  random: (bytes: number) => Uint8Array;
  couriers: Couriers;
  meter: Meter;
  log: Log;
}
