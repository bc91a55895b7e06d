import { createHash } from 'node:crypto';
import type { Clock, Instant } from '#time';
import { forward } from './host/forward.ts';
import { Journal } from './journal.ts';
import { type Credentials, ServiceAccountKey } from './kubernetes/auth/index.ts';
import { SimulatedCluster } from './kubernetes/cluster.ts';
import { Kinds } from './kubernetes/kinds/kinds.ts';
import { populate } from './kubernetes/population/index.ts';

export interface MadeCluster {
  readonly cluster: SimulatedCluster;
  /** What its pods' addresses lead to, for what is proxied: `ADDRESS:PORT` to `HOST:PORT`. */
  readonly network: Map<string, string>;
  readonly journal: Journal;
}

export interface MakeOptions {
  name: string;
  nodes: number;
  podsPerNode?: number;
  seed: string;
  madeAt: Instant;
  clock: Clock;
  tokens: Credentials['tokens'];
  serviceAccountKey: string;
  caCertificate: string;
  /** Host and port, as `/api` tells them. */
  address: string;
  journalFile: string;
}

/** A cluster as it was made from its seed, with what was written to it since. */
export async function makeCluster(given: MakeOptions): Promise<MadeCluster> {
  const { name, nodes, podsPerNode = 15, seed, madeAt, clock, tokens, caCertificate } = given;
  let isBeingMade = true;
  const network = new Map<string, string>();
  const random = randomOf(`${seed}/${name}`);
  const cluster: SimulatedCluster = new SimulatedCluster({
    name,
    // What it is made of is as old as the world, at each start.
    clock: { now: () => (isBeingMade ? madeAt : clock.now()), sleep: clock.sleep.bind(clock) },
    random: (bytes) => random.next(bytes),
    kinds: new Kinds(),
    credentials: { tokens, serviceAccountKey: new ServiceAccountKey(given.serviceAccountKey), caCertificate },
    address: given.address,
    population: populate({ seed: `${seed}/${name}`, nodes, podsPerNode, at: madeAt }),
    forward: (request, end, rest) => forward(request, end, rest, network),
    report: (error) => console.error(error),
  });
  await cluster.settled();
  const journal = await Journal.open(given.journalFile, cluster);
  isBeingMade = false;
  // Names and UIDs that were given out since are not given out again.
  random.restart(`${seed}/${name}/${cluster.objects.revision}`);
  return { cluster, network, journal };
}

interface SeededBytes {
  next(bytes: number): Uint8Array;
  restart(seed: string): void;
}

/** Bytes that are always the same from the same seed. */
function randomOf(first: string): SeededBytes {
  let seed = first;
  let drawn = 0;
  return {
    next: (bytes) => createHash('shake256', { outputLength: bytes }).update(`${seed}#${drawn++}`).digest(),
    restart(from) {
      seed = from;
      drawn = 0;
    },
  };
}
