import { subscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import PQueue from 'p-queue';
import { readPulses } from '#reconcile';
import { MemoryTable } from '#store';
import { type Millis, minute } from '#time';
import { PushedClock } from '../../fixtures/pushedClock.ts';
import { droverInProcess } from '../../inProcess/drover.ts';

/** What the bench asks of a Drover. */
export type Asked =
  | { do: 'register'; clusters: { name: string; kubeconfig: string }[] }
  /** One round over all that rest, a minute after the one before: by moving the clock, or by waiting for it. */
  | { do: 'round'; isWaitedFor: boolean; watched: string }
  | { do: 'states' };

export interface RoundTold {
  /** From the tick to the end of the look, of each cluster whose name begins as asked for, in milliseconds. */
  delays: Millis[];
  checks: number;
  failed: number;
  /** Until the last round had been worked through. */
  took: Millis;
  processorMillis: Millis;
  requests: number;
  connections: number;
  read: number;
  write: number;
  /** MiB. */
  memory: number;
  peak: number;
}

const clock = new PushedClock();
const table = new MemoryTable(() => clock.now());
const drover = await droverInProcess({ table, clock });
const counted = { requests: 0, connections: 0 };
subscribe('undici:request:create', () => void counted.requests++);
subscribe('undici:client:connected', () => void counted.connections++);
const names = new Map<string, string>();

async function register({ clusters }: Asked & { do: 'register' }): Promise<number> {
  const queue = new PQueue({ concurrency: 16 });
  await queue.addAll(
    clusters.map(({ name, kubeconfig }) => async () => {
      const credential = { type: 'kubeconfig', kubeconfig: await readFile(kubeconfig, 'utf8') };
      const body = { name, credential, checkEverySeconds: 60 };
      const { status, body: made } = await drover.call('POST', '/api/v1/clusters?unchecked=true', body);
      if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(made)}`);
      names.set(made.id, name);
    }),
  );
  await drover.settled();
  return names.size;
}

let lastTick = clock.now();

async function round({ isWaitedFor, watched }: Asked & { do: 'round' }): Promise<RoundTold> {
  const early = Math.max(0, lastTick + minute - clock.now());
  if (isWaitedFor) await new Promise((resolve) => setTimeout(resolve, early));
  else clock.push(early);
  const before = { ...counted, ...table.units, processor: process.cpuUsage(), begun: drover.rounds().begun };
  lastTick = clock.now();
  drover.tick();
  await roundsAfter(before.begun);
  const { user, system } = process.cpuUsage(before.processor);
  const { read, write } = table.units;
  const beats = (await readPulses(table, 'clusters'))
    .flatMap((pulse) => pulse.beats)
    .filter(({ at }) => at >= lastTick);
  return {
    delays: beats.filter(({ id }) => names.get(id)?.startsWith(watched)).map(({ at }) => at - lastTick),
    checks: beats.length,
    failed: beats.filter(({ ok }) => !ok).length,
    took: drover.rounds().endedAt - lastTick,
    processorMillis: (user + system) / 1_000,
    requests: counted.requests - before.requests,
    connections: counted.connections - before.connections,
    read: read - before.read,
    write: write - before.write,
    memory: process.memoryUsage().rss / 1_048_576,
    peak: process.resourceUsage().maxRSS / 1_024,
  };
}

/** Until those of one tick have been worked through: it hands all of them over at once. */
async function roundsAfter(begun: number): Promise<void> {
  const quiet = 500;
  const patience = performance.now() + 30_000;
  for (let since = performance.now(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = drover.rounds();
    if (now.begun === begun && performance.now() > patience) throw new Error('No round has begun.');
    if (now.begun === begun || now.done < now.begun) since = performance.now();
    else if (performance.now() - since > quiet) return;
  }
}

async function states(): Promise<Record<string, number>> {
  const { body } = await drover.call('GET', '/api/v1/fleet');
  return body.states;
}

process.on('message', async (asked: Asked) => {
  const answer = asked.do === 'register' ? register(asked) : asked.do === 'round' ? round(asked) : states();
  try {
    process.send!({ told: await answer });
  } catch (error) {
    process.send!({ error: String(error) });
  }
});
process.once('disconnect', () => process.exit(0));
process.send!({ told: 'ready' });
