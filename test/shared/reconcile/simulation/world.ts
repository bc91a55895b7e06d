import { type By, createEngine, type Engine, type HandOver, type Ports } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { type Instant, minute, newId, second } from '#time';
import { type House, type Lamp, lampsIn } from '../../../example/lamps.ts';
import { bytesFrom, seeded } from '../../../fixtures/chance.ts';
import { Process, Sim } from './sim.ts';
import { SimStore } from './simTable.ts';
import { copyKey, StoreWitness } from './witness.ts';

export const start: Instant = Date.parse('2026-03-01T10:00:00Z');

/** How likely each kind of trouble is, per hand-over and per tick; that of operations is `sim.faultOf`. */
export interface Weather {
  lostHandOver: number;
  doubledHandOver: number;
  lateHandOver: number;
  lostTick: number;
  skew: number;
}

export const calm: Weather = { lostHandOver: 0, doubledHandOver: 0, lateHandOver: 0, lostTick: 0, skew: 0 };

/** One simulated Drover with its store, its functions, its house of lamps and the people who want them lit. */
export class World {
  readonly sim: Sim;
  readonly witness: StoreWitness;
  readonly store: SimStore;
  readonly lamps = new Map<string, boolean>();
  readonly dark = new Set<string>();
  /** When each lamp was last looked at by anyone. */
  readonly looks = new Map<string, Instant>();
  readonly processes: Process[] = [];
  readonly log: { level: string; message: string; fields: unknown }[] = [];
  weather: Weather = calm;
  deliveriesCalledFor = 0;
  readonly #ids: string[];
  #stopCron: () => void = () => undefined;
  #tickedAt: Instant = 0;

  constructor(seed: number) {
    this.sim = new Sim(start, seeded(seed));
    this.witness = new StoreWitness(this.sim);
    this.sim.started = (operation) => this.witness.started(operation);
    this.store = new SimStore(this.sim, new MemoryTable(() => this.sim.now), this.witness);
    // Few slices, so that rounds have company in them and the simulation is quick.
    this.#ids = [...idsOfFewSlices];
  }

  get bytes(): (count: number) => Uint8Array {
    return bytesFrom(this.sim.random);
  }

  /** A function call in a process of its own. */
  process(name: string): Process {
    const process = new Process(this.sim, name, Math.round((this.sim.random() * 2 - 1) * this.weather.skew));
    this.processes.push(process);
    return process;
  }

  engineIn(process: Process): Engine<Lamp> {
    const ports: Ports & { table: ReturnType<SimStore['for']> } = {
      table: this.store.for(process),
      clock: process.clock,
      random: this.bytes,
      couriers: {
        work: (_area, handOver) => process.operate('invoke', 'work', () => this.#send(handOver), unsent),
        tick: (area) => process.operate('invoke', `tick ${area}`, () => this.#sendTick(area), unsent),
        call: async () => null,
      },
      meter: { count: () => undefined, observe: () => undefined },
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (message, fields) => void this.log.push({ level: 'warn', message, fields }),
        error: (message, fields) => void this.log.push({ level: 'error', message, fields }),
      },
    };
    return createEngine(lampsIn(this.houseFor(process)), ports);
  }

  houseFor(process: Process): House {
    const unreachable = () => new Error('The house did not answer.');
    return {
      look: (id, socket, key) =>
        process.operate(
          'look',
          id,
          async () => {
            // Rule 14: a key never meets a socket that it was not given for.
            if (socket !== key) this.witness.violations.push(`${id}: ${key} was shown to ${socket}`);
            this.looks.set(id, this.sim.now);
            return this.dark.has(id) ? 'unreachable' : { isOn: this.lamps.get(id) ?? false };
          },
          unreachable,
        ),
      turn: (id, to) =>
        process.operate('turn', id, async () => void this.lamps.set(id, to === 'on'), unreachable),
    };
  }

  runWork(handOver: HandOver): Process {
    const process = this.process(handOver.kind === 'round' ? 'round' : 'step');
    void this.engineIn(process).work(handOver);
    return process;
  }

  runTick(): Process {
    this.#tickedAt = this.sim.now;
    const process = this.process('tick');
    void this.engineIn(process)
      .tick()
      .catch((error) => this.log.push({ level: 'error', message: 'tick', fields: error }));
    return process;
  }

  /** A tick each minute, as the platform's timer has it. */
  startCron(every = minute): void {
    this.#stopCron();
    let cancel: () => void = () => undefined;
    const beat = () => {
      if (this.sim.random() >= this.weather.lostTick) this.runTick();
      cancel = this.sim.after(every, beat);
    };
    cancel = this.sim.after(every, beat);
    this.#stopCron = () => cancel();
  }

  stopCron(): void {
    this.#stopCron();
  }

  nextId(): string {
    return this.#ids.shift() ?? newId('lmp', this.sim.now, this.bytes);
  }

  /** A person's request, in a process of its own. Its answer may never come. */
  request<T>(call: (records: Engine<Lamp>['records']) => Promise<T>): {
    process: Process;
    answer: Promise<T>;
  } {
    const process = this.process('http');
    return { process, answer: call(this.engineIn(process).records) };
  }

  async #send(handOver: HandOver): Promise<void> {
    const { sim, weather } = this;
    const times =
      (sim.random() < weather.lostHandOver ? 0 : 1) + (sim.random() < weather.doubledHandOver ? 1 : 0);
    for (let n = 0; n < times; n++) {
      const delay = sim.random() < weather.lateHandOver ? sim.random() * 200 * second : sim.random() * 100;
      sim.after(delay, () => this.runWork(handOver));
    }
  }

  async #sendTick(area: string): Promise<void> {
    if (area === 'notify') this.deliveriesCalledFor++;
    // Of many ticks asked for, one runs, as the function sees to it; its second look finds the rest.
    else if (this.sim.now - this.#tickedAt < 4 * second) return;
    else if (this.sim.random() >= this.weather.lostTick)
      this.sim.after(this.sim.random() * 100, () => this.runTick());
  }

  /**
   * The weather clears: no faults, all clocks right. Time runs with a tick each minute while anything is near, and
   * jumps to where the next tombstone, back-off or abandoned name comes due.
   */
  async calmDown(): Promise<void> {
    this.sim.faultOf = () => undefined;
    this.weather = calm;
    this.store.lagging = false;
    this.dark.clear();
    // Those that stood still have come back and ended by then; nothing is sent later than L after a worker's start.
    this.stopCron();
    await this.#ticking(2);
    await this.sim.runUntil(Math.max(this.sim.now, ...this.processes.map((process) => process.pausedUntil)));
    for (let jumps = 0; jumps < 30; jumps++) {
      const next = this.#nextDue();
      if (next === undefined) break;
      if (next > this.sim.now) await this.sim.runUntil(next);
      await this.#ticking(1);
    }
    // Once more with all at rest: rounds go on as if nothing had been.
    await this.#ticking(5);
  }

  /** So many ticks, a minute apart, the first at once. */
  async #ticking(ticks: number): Promise<void> {
    for (let n = 0; n < ticks; n++) {
      this.runTick();
      await this.sim.runFor(minute);
    }
  }

  /** When the next record or reservation wants attention; rounds aside. */
  #nextDue(): Instant | undefined {
    let next: Instant | undefined;
    for (const { pk, duePk, dueSk } of this.store.items.values()) {
      if (duePk === undefined || !(pk.startsWith('row#') || pk.startsWith('name#'))) continue;
      const at = Date.parse(String(dueSk).slice(0, 24));
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  /** What must be true in the end, besides what the witness saw on the way. */
  verdict(): string[] {
    const wrong = [...this.witness.violations];
    const rows = [...this.store.items.values()].filter((item) => item.pk.startsWith('row#'));
    const names = new Map<string, string>();
    for (const row of rows) {
      const id = String(row.id);
      const data = row.data as unknown as Lamp;
      if (row.goneAt !== undefined) continue;
      if (row.dueAt !== undefined) wrong.push(`${id} never came to rest: ${JSON.stringify(row)}`);
      if (row.deletedAt !== undefined) wrong.push(`${id} is deleted and still there`);
      if (row.unwanted === true) wrong.push(`${id} has another's name and is still there`);
      names.set(String(row.name), id);
      if (data.state !== (data.wants === 'on' ? 'lit' : 'dark'))
        wrong.push(`${id} is ${data.state}, wanted ${data.wants}`);
      if ((this.lamps.get(id) ?? false) !== (data.wants === 'on'))
        wrong.push(`${id}: the lamp is not as wanted`);
      const every = Number(row.everySeconds) * second;
      const age = this.sim.now - (this.looks.get(id) ?? 0);
      // Its interval, a round's limit, a minute.
      if (every > 0 && age > every + 90 * second + minute)
        wrong.push(`${id} was last seen ${age / second} s ago`);
    }
    for (const [name, item] of this.store.items) {
      if (!item.pk.startsWith('name#')) continue;
      if (names.get(item.sk) !== item.id) wrong.push(`${name} is blocked by ${item.id}`);
    }
    for (const row of rows) {
      if (row.goneAt === undefined && !this.store.items.has(`name#lamp ${row.name}`))
        wrong.push(`${row.id} lost its name`);
    }
    for (const id of [
      ...this.witness.removed,
      ...rows.filter((row) => row.goneAt !== undefined).map((row) => String(row.id)),
    ]) {
      if (this.lamps.get(id)) wrong.push(`${id} is deleted and its lamp still burns`);
      if (
        [...this.store.items.keys()].some(
          (key) => this.witness.removed.has(id) && key.startsWith(`side#${id} `),
        )
      ) {
        wrong.push(`${id} is deleted and left something behind`);
      }
    }
    for (const { recordId, entry } of this.witness.committed.values()) {
      const key = copyKey(recordId, entry);
      if (!this.store.items.has(`${key.pk} ${key.sk}`)) wrong.push(`${JSON.stringify(entry)} never came out`);
    }
    const orphans = [...this.store.items.values()].filter((item) => item.pk.startsWith('side#'));
    for (const side of orphans) {
      const id = side.pk.slice('side#'.length);
      const { pk, sk } = keys.rowKey('lamps', id);
      if (!this.store.items.has(`${pk} ${sk}`)) wrong.push(`${side.pk} ${side.sk} belongs to nobody`);
    }
    return wrong;
  }
}

const unsent = () => new Error('The invocation was not answered.');

function idsOfSlices(slices: number[], count: number): string[] {
  const ids: string[] = [];
  const random = bytesFrom(seeded(1));
  while (ids.length < count) {
    const id = newId('lmp', start, random);
    if (slices.includes(keys.sliceOf(id))) ids.push(id);
  }
  return ids;
}

const idsOfFewSlices = idsOfSlices([3, 40], 24);

export const byUser: By = { actor: { kind: 'token', id: 'tok_1', name: 'ann' }, action: 'lamp.change' };
