import { type Clock, type Millis, second } from '#time';
import type { SignedIn } from '../access.ts';
import { type Failure, isFailure } from './failure.ts';
import { families } from './families/families.ts';
import type { Family } from './families/family.ts';
import { Questions } from './questions.ts';
import { Samples } from './samples.ts';
import { written } from './written.ts';

export interface CollectOptions {
  /** The label `target`: host part of the controller's address, as the official exporter has it. */
  readonly target: string;
  /** Exactly what the official exporter would say, known defects included. */
  readonly compat: boolean;
  readonly enforcerStats: boolean;
  readonly clock: Clock;
  /** What has not been read by then is left out. */
  readonly within?: Millis;
  readonly signal?: AbortSignal;
}

/** Prometheus waits for 10 s where nothing else is set. */
const usualWithin = 9 * second;

export interface CollectedFamily {
  /** As the official exporter names it: `nv_summary`. */
  readonly name: string;
  readonly tookMs: Millis;
  /** Why it is not there, or not whole. */
  readonly failure?: Failure;
}

export interface Collected {
  /** Exposition text, UTF-8. */
  readonly text: Uint8Array;
  readonly families: readonly CollectedFamily[];
  readonly requests: number;
  readonly tookMs: Millis;
}

/**
 * Reads all families side by side, as a few questions at a time. One that fails is left out, and says why; the first
 * failure is thrown where nothing was read at all: a session that is over, or a controller that is not there.
 */
export async function collect(signedIn: SignedIn, options: CollectOptions): Promise<Collected> {
  const { clock, signal, within = usualWithin } = options;
  const began = clock.now();
  const left = () => Math.max(1, began + within - clock.now());
  const ask = new Questions(signedIn, left, signal);
  const read = await Promise.all(families(options).map((family) => readOne(family, ask, options)));
  signal?.throwIfAborted();
  if (ask.answered === 0) throw read.find(({ failure }) => failure)?.failure;
  return {
    text: written(
      read.flatMap(({ family, samples }) => (samples ? [{ family, samples }] : [])),
      options,
    ),
    families: read.map(({ family, tookMs, failure }) => ({
      name: family.name,
      tookMs,
      ...(failure && { failure }),
    })),
    requests: ask.asked,
    tookMs: clock.now() - began,
  };
}

interface ReadFamily {
  readonly family: Family;
  readonly tookMs: Millis;
  /** Missing where nothing of it is to be told. */
  readonly samples?: Samples;
  readonly failure?: Failure;
}

async function readOne(
  family: Family,
  ask: Questions,
  { target, compat, clock }: CollectOptions,
): Promise<ReadFamily> {
  const began = clock.now();
  const samples = new Samples(family.name, Object.keys(family.help));
  const took = () => clock.now() - began;
  try {
    await family.read({ ask, samples, target, compat });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { family, tookMs: took(), failure: error };
  }
  const { lost } = samples;
  return { family, tookMs: took(), samples, ...(lost && { failure: lost }) };
}
