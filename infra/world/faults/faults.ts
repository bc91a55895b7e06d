import type { ApiRequest } from '../kubernetes/api.ts';
import { Chance } from '../kubernetes/population/chance.ts';
import { type ConnectionFault, type Fault, isOfConnection, type RequestFault } from './fault.ts';
import { meets } from './pattern.ts';

/** A fault that is switched on. */
export interface ActiveFault<F extends Fault = Fault> {
  readonly id: string;
  readonly fault: F;
  /** The cluster's revision when it was switched on. */
  readonly revision: number;
  /** How often it has met a request. */
  readonly hits: number;
}

/** The faults of one cluster. What chance decides comes out the same for the same seed and order of requests. */
export class Faults {
  readonly #seed: string;
  #made = 0;
  readonly #active = new Map<string, ActiveFault & { hits: number; chance: Chance }>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  add(fault: Fault, revision = 0): ActiveFault {
    const id = String(++this.#made);
    const active = { id, fault, revision, hits: 0, chance: new Chance(this.#seed, id) };
    this.#active.set(id, active);
    return active;
  }

  remove(id: string): boolean {
    return this.#active.delete(id);
  }

  clear(): void {
    this.#active.clear();
  }

  list(): ActiveFault[] {
    return [...this.#active.values()].map(({ id, fault, revision, hits }) => ({ id, fault, revision, hits }));
  }

  /** The one switched on last. */
  get connection(): ConnectionFault | undefined {
    return [...this.#active.values()].map(({ fault }) => fault).findLast(isOfConnection);
  }

  /** Those that meet this request, in the order in which they were switched on. Each is counted, and ends with its last time. */
  meeting(request: ApiRequest): (ActiveFault<RequestFault> & { chance: Chance })[] {
    const met = [];
    for (const active of this.#active.values()) {
      const { fault, chance } = active;
      if (isOfConnection(fault) || !meets(fault, request)) continue;
      if (fault.chance !== undefined && chance.share() >= fault.chance) continue;
      active.hits += 1;
      if (active.hits === fault.times) this.#active.delete(active.id);
      met.push({ ...active, fault });
    }
    return met;
  }
}
