import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Item, keys, type Table } from '#store';
import type { Instant, Millis } from '#time';

/** What a round saw of one record. */
export interface Beat {
  id: string;
  at: Instant;
  ok: boolean;
  cause?: string;
  latency?: Millis;
  counts?: Record<string, number>;
}

/**
 * What the last round of a slice saw: for display, gauges and the judgement whether a failure is our own (rules 9
 * and 15). Never an input to a record's decision.
 */
export interface Pulse {
  everySeconds: number;
  slice: number;
  at: Instant;
  beats: Beat[];
  /** Records at work whose last look failed, and why. */
  failing: { id: string; cause: string }[];
}

const worthPacking = 1024;

/** Small also with 200 records in a slice: about 25 bytes each when compressed. */
export function packPulse(pulse: Pulse): string | Uint8Array {
  const text = JSON.stringify(pulse);
  return text.length < worthPacking ? text : deflateRawSync(text, { level: 3 });
}

export function pulseOf({ pulse }: Item): Pulse | undefined {
  if (typeof pulse !== 'string' && !(pulse instanceof Uint8Array)) return undefined;
  return JSON.parse(typeof pulse === 'string' ? pulse : inflateRawSync(pulse).toString()) as Pulse;
}

/** Of one slice: for who asks about a single record. */
export async function readPulse(
  table: Table,
  area: string,
  everySeconds: number,
  slice: number,
): Promise<Pulse | undefined> {
  const item = await table.get(keys.pulseKey(area, everySeconds, slice), { eventually: true });
  return item && pulseOf(item);
}

export async function readPulses(table: Table, area: string): Promise<Pulse[]> {
  const pulses: Pulse[] = [];
  let after: Awaited<ReturnType<Table['query']>>['next'];
  do {
    const { pk: partition } = keys.pulseKey(area, 0, 0);
    const page = await table.query({ partition, eventually: true, ...(after ? { after } : {}) });
    for (const item of page.items) {
      const pulse = pulseOf(item);
      if (pulse) pulses.push(pulse);
    }
    after = page.next;
  } while (after);
  return pulses;
}
