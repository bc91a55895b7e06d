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

/** One item stays small with 200 records in a slice: about 25 bytes each when compressed. */
export const packPulse = (pulse: Pulse): Uint8Array => deflateRawSync(JSON.stringify(pulse), { level: 3 });

export function pulseOf(item: Item): Pulse | undefined {
  return item.pulse instanceof Uint8Array
    ? (JSON.parse(inflateRawSync(item.pulse).toString()) as Pulse)
    : undefined;
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
