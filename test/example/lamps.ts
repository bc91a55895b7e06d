import { z } from 'zod';
import { type Area, type Plan, type Row, readSlot, type Secret, type WorkContext } from '#reconcile';
import { type Instant, minute, second } from '#time';

/**
 * The example area: lamps that people want on or off, in a house that may be dark. A handful of lines that use all
 * of the engine, as an area of the product does; it lives in the tests only.
 */
const lamp = z.object({
  wants: z.enum(['on', 'off']),
  /** Work that takes a few steps: 0 is none. */
  blinks: z.number().int().min(0).default(0),
  state: z.enum(['pending', 'lit', 'dark', 'broken', 'gaveUp', 'deleting']),
  since: z.number(),
  failures: z.number().int().default(0),
  /** Where the lamp is plugged in, and the slot of the key that opens that socket and no other. */
  socket: z.string().default('wall'),
  slot: z.string().optional(),
});
export type Lamp = z.infer<typeof lamp>;

/** The world outside: what the lamps really are. */
export interface House {
  look(id: string, socket: string, key: string): Promise<{ isOn: boolean } | 'unreachable'>;
  /** Idempotent: the same wish twice is one wish. */
  turn(id: string, to: 'on' | 'off'): Promise<void>;
}

export const aLamp = (wants: 'on' | 'off', since: Instant, more: Partial<Lamp> = {}): Lamp => ({
  wants,
  blinks: 0,
  state: 'pending',
  since,
  failures: 0,
  socket: 'wall',
  ...more,
});

type Seen = { isOn: boolean } | 'unreachable';
type Action = { turn: 'on' | 'off' };

export function lampsIn(house: House): Area<Lamp, Seen, Action, 'done'> {
  const look = async ({ id, data }: Row<Lamp>, context: WorkContext): Promise<Seen> => {
    if (data.slot === undefined) return house.look(id, data.socket, data.socket);
    const key = await readSlot(context.table, id, data.slot);
    context.requireTime();
    // Gone: the row has moved on since it was read, and whatever is made of this look will be refused.
    return key ? house.look(id, data.socket, String(key.opens)) : 'unreachable';
  };
  return {
    name: 'lamps',
    kinds: { lamp: { prefix: 'lmp', schema: 1 } },
    read: (data) => lamp.parse(data),
    summarise: ({ data, deletedAt }) => ({
      state: deletedAt === undefined ? data.state : 'deleting',
      cause: data.state === 'broken' ? 'LAMP_UNREACHABLE' : null,
      wants: data.wants,
    }),
    told: ({ data, deletedAt, labels }) => ({
      state: data.state,
      wants: data.wants,
      deleting: deletedAt !== undefined,
      labels,
    }),
    present: ({ data }) => ({ wants: data.wants, state: data.state }),
    observe: look,
    act: async (row, { turn }) => {
      await house.turn(row.id, turn);
      return 'done';
    },
    decide,
    look: async (row, context) => {
      const seen = await look(row, context);
      if (seen === 'unreachable') return { ok: false, differs: true, cause: 'LAMP_UNREACHABLE' };
      return { ok: true, differs: seen.isOn !== (row.data.wants === 'on') || row.data.state === 'broken' };
    },
    intervals: [60, 300],
    slotOf: ({ slot }) => slot,
    webhookEvents: ['lamp.broken', 'lamp.deleted'],
    backOff: { base: 5 * second, cap: 15 * minute, slowFrom: 4 },
    giveUpAfter: 12,
    giveUp: (row, { now }) => become(row, 'gaveUp', now, { kind: 'rest' }),
  };
}

export function decide(
  row: Row<Lamp>,
  seen: Seen,
  _did: 'done'[],
  { now }: { now: Instant },
): Plan<Lamp, Action> {
  const { data } = row;
  if (row.deletedAt !== undefined) {
    if (seen === 'unreachable') return { data, next: { kind: 'gone' } };
    if (seen.isOn) return { data, actions: [{ turn: 'off' }], next: { kind: 'now' } };
    return { data, next: { kind: 'gone' } };
  }
  if (seen === 'unreachable') {
    return become(row, 'broken', now, { kind: 'retry' }, { failures: data.failures + 1 });
  }
  if (data.blinks > 0) {
    const blinked = { ...data, blinks: data.blinks - 1 };
    return { data: blinked, next: { kind: 'at', at: now + 2 * second } };
  }
  if (seen.isOn !== (data.wants === 'on')) {
    return { data, actions: [{ turn: data.wants }], next: { kind: 'now' } };
  }
  return become(row, seen.isOn ? 'lit' : 'dark', now, { kind: 'rest' }, { failures: 0 });
}

function become(
  row: Row<Lamp>,
  state: Lamp['state'],
  now: Instant,
  next: Plan<Lamp, Action>['next'],
  more: Partial<Lamp> = {},
): Plan<Lamp, Action> {
  const { data } = row;
  if (data.state === state) return { data: { ...data, ...more }, next };
  const event = { type: `lamp.${state}`, from: data.state, to: state };
  return { data: { ...data, ...more, state, since: now }, events: [event], next };
}

export const wanting = (data: Lamp, wants: 'on' | 'off'): Lamp => ({ ...data, wants });

/** Plugged in elsewhere: the socket and its key change together. */
export const movedTo = (socket: string): Secret<Lamp> => ({
  value: { opens: socket },
  into: (data, slot) => ({ ...data, socket, slot }),
});
