import { createNet, type Resolve } from '#net';
import type { Clock } from '#time';
import { createEksBearers } from '../../../../shared/clusters/eks/eksBearer.ts';
import type { Budgets } from '../../../../shared/clusters/ladder/budgets.ts';
import { climb } from '../../../../shared/clusters/ladder/climb.ts';
import type { Climbed, KnownClusters, LadderInput } from '../../../../shared/clusters/ladder/ladder.ts';
import { ca, tokenOf } from './aCluster.ts';
import { StandingClock } from './standingClock.ts';

/** What is tried, but for what goes without saying. */
export interface Trying {
  readonly server: string;
  readonly input?: Partial<LadderInput>;
  /** With neither CA nor anything else that the server could be known by. */
  readonly withoutCa?: boolean;
  readonly resolve?: Resolve;
  readonly allowLoopback?: boolean;
  readonly known?: KnownClusters;
  readonly budgets?: Partial<Budgets>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

let watchToken: Promise<string> | undefined;

/** Of an account that may watch. */
export function theToken(): Promise<string> {
  watchToken ??= tokenOf('drover', ['watch']);
  return watchToken;
}

/** Climbs with everything in order but what is said. */
export async function climbing(trying: Trying): Promise<Climbed> {
  const { server, input, withoutCa = false, resolve, allowLoopback = true, signal } = trying;
  const { known, budgets, clock = new StandingClock() } = trying;
  const net = createNet({ clock, allowLoopback, ...(resolve && { resolve }) });
  return climb(
    {
      server,
      ...(!withoutCa && { ca: ca.certPem }),
      credential: { type: 'token', token: await theToken() },
      capabilities: ['watch'],
      ...input,
    },
    {
      net,
      clock,
      eks: createEksBearers({ net, clock, environment: () => undefined }),
      ...(known && { known }),
      ...(budgets && { budgets }),
    },
    signal,
  );
}
