import { slotName, slotsOf } from '#reconcile';
import type { Item } from '#store';
import { type Millis, second } from '#time';
import { aLamp, type Lamp } from '../../../example/lamps.ts';
import type { Fault, Operation, Process } from './sim.ts';
import { byUser, World } from './world.ts';

/** A told story instead of a random one: faults strike where the story says. */
export class Scenario extends World {
  readonly #strikes: {
    when: (operation: Operation) => boolean;
    fault: Fault;
    hit?: (process: Process) => void;
  }[] = [];

  constructor(seed = 1) {
    super(seed);
    this.store.lagging = false;
    this.sim.faultOf = (operation) => {
      const index = this.#strikes.findIndex(({ when }) => when(operation));
      if (index < 0) return undefined;
      const [strike] = this.#strikes.splice(index, 1);
      strike!.hit?.(operation.process);
      return strike!.fault;
    };
  }

  /** Strikes once, at the first operation of which `when` is true. Resolves with the process that was hit. */
  strike(when: (operation: Operation) => boolean, fault: Fault): { process: () => Process | undefined } {
    let struck: Process | undefined;
    this.#strikes.push({ when, fault, hit: (process) => (struck = process) });
    return { process: () => struck };
  }

  create(name: string, more: Partial<Lamp> & { everySeconds?: number } = {}) {
    const { everySeconds = 60, ...lamp } = more;
    const id = this.nextId();
    const slot = slotName(0, 'first');
    const data = aLamp('on', this.sim.now, { slot, ...lamp });
    const draft = {
      kind: 'lamp',
      id,
      name,
      labels: {},
      everySeconds,
      data,
      sides: slotsOf(id, slot, { opens: 'wall' }),
    };
    return { id, ...this.request((records) => records.create(draft, byUser)) };
  }

  /** A lamp that is lit and at rest. */
  async aLitLamp(name: string, more: Partial<Lamp> & { everySeconds?: number } = {}): Promise<string> {
    const { id, answer } = this.create(name, more);
    await this.run(5 * second);
    await answer;
    return id;
  }

  change(name: string, edit: (data: Lamp) => Partial<Lamp>, ifMatch?: number) {
    return this.request((records) =>
      records.change(name, 'lamp', ({ data }) => ({ data: { ...data, ...edit(data) } }), {
        ...byUser,
        ifMatch,
      }),
    );
  }

  remove(name: string) {
    return this.request((records) => records.remove(name, 'lamp', byUser));
  }

  row(id: string): Item | undefined {
    return [...this.store.items.values()].find((item) => item.pk.startsWith('row#') && item.id === id);
  }

  state(id: string): string {
    return String((this.row(id)?.data as unknown as Lamp | undefined)?.state);
  }

  /** What the history holds of a record, in order. */
  told(id: string): string[] {
    return [...this.store.items.values()]
      .filter((item) => item.pk === `history#${id}`)
      .sort((a, b) => (a.sk < b.sk ? -1 : 1))
      .map((item) => (item.event as unknown as { type: string }).type);
  }

  run(time: Millis): Promise<void> {
    return this.sim.runFor(time);
  }
}

export const isPutOfRow =
  (where: (row: Item) => boolean = () => true) =>
  ({ verb, what, detail }: Operation): boolean =>
    verb === 'put' && what.startsWith('row#') && where(detail as Item);

/** The write that sets a row to rest. */
export const isSettling = isPutOfRow((row) => row.dueAt === undefined);

export const carriesEvent = (type: string) =>
  isPutOfRow((row) =>
    (row.outbox as unknown as { event?: { type: string } }[]).some((entry) => entry.event?.type === type),
  );
