import type { Clock, Instant } from '#time';
import type { WorkContext } from './area.ts';
import type { Parts } from './engineParts.ts';

/** The worker's time is over: what it still wanted to do is for another. */
export class LimitPassed extends Error {
  constructor() {
    super('The worker’s limit has passed.');
    this.name = 'LimitPassed';
  }
}

function requireTime(clock: Clock, deadline: Instant): void {
  if (clock.now() >= deadline) throw new LimitPassed();
}

export function workContextOf<D>(
  { clock, table }: Pick<Parts<D>, 'clock' | 'table'>,
  { signal, deadline }: { signal: AbortSignal; deadline: Instant },
): WorkContext {
  return { clock, table, signal, deadline, requireTime: () => requireTime(clock, deadline) };
}

/** Rule 13: no call starts after a worker's limit, also where the worker stood still in between. */
export function untilLimit<D>(parts: Parts<D>, deadline: Instant): Parts<D> {
  const { table, couriers, clock } = parts;
  const inTime =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      requireTime(clock, deadline);
      return call(...args);
    };
  return {
    ...parts,
    table: {
      get: inTime((key, options) => table.get(key, options)),
      getMany: inTime((keys, options) => table.getMany(keys, options)),
      put: inTime((item, when) => table.put(item, when)),
      update: inTime((key, change, when) => table.update(key, change, when)),
      delete: inTime((key, when) => table.delete(key, when)),
      add: inTime((key, numbers, set) => table.add(key, numbers, set)),
      query: inTime((query) => table.query(query)),
      units: table.units,
    },
    couriers: {
      work: inTime((area, handOver) => couriers.work(area, handOver)),
      tick: inTime((area) => couriers.tick(area)),
      call: inTime((area, request) => couriers.call(area, request)),
    },
  };
}
