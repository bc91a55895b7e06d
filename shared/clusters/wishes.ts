import type { NewEvent } from '#reconcile';
import type { Prepared } from './calls.ts';
import { clusterError } from './errors.ts';
import type { ClusterAccess, ClusterData, ClusterState, SyncKind } from './model.ts';

/** What persons wish makes of a cluster. What it is found to be, `decide` alone says. */

/** Prepared with success: there is something to reach the cluster with. */
export type Usable = Prepared & { access: ClusterAccess; secret: { sealed: string } };

export interface SyncWish {
  kinds: SyncKind[];
  everySeconds: number;
}

/** What becomes of the data, and what is told of it; undefined where it is so already. */
export interface Wished {
  data: ClusterData;
  events: NewEvent[];
}

/** Not looked at with success by a look of its own yet, whatever the validation said: its first step does that. */
export function newCluster(prepared: Usable, slot: string, sync: SyncWish | null, now: number): ClusterData {
  const { access, uid, seen, expiries, warnings } = prepared;
  return {
    kind: 'cluster',
    access,
    slot,
    sync,
    isSyncTold: sync === null,
    uid,
    state: { is: 'pending', since: now },
    failing: null,
    recovering: 0,
    checkedAt: seen?.at ?? null,
    seen,
    expiries,
    warned: {},
    warnings: [],
    accessWarnings: warnings,
    renewal: null,
  };
}

/** Another credential, or another way there: who it is and what was last seen stay until somebody has looked. */
export function reconnected(data: ClusterData, prepared: Usable, slot: string): ClusterData {
  const { access, uid, expiries, warnings } = prepared;
  return {
    ...data,
    access,
    slot,
    uid: data.uid ?? uid,
    expiries,
    warned: {},
    accessWarnings: warnings,
    renewal: null,
  };
}

export function synced(data: ClusterData, sync: SyncWish | null): ClusterData {
  const isSame =
    sync?.everySeconds === data.sync?.everySeconds && sync?.kinds.join() === data.sync?.kinds.join();
  return isSame ? data : { ...data, sync, isSyncTold: false };
}

/** A pause that is there is given the new end and reason. */
export function paused(data: ClusterData, until: number | null, reason: string, now: number): Wished {
  const from = data.state.is;
  const since = data.state.is === 'paused' ? data.state.since : now;
  const events = from === 'paused' ? [] : [{ type: 'cluster.paused', from, to: 'paused', message: reason }];
  return { data: become(data, { is: 'paused', since, until, reason }), events };
}

export function resumed(data: ClusterData, now: number): Wished | undefined {
  if (data.state.is !== 'paused') return undefined;
  return {
    data: become(data, { is: 'pending', since: now }),
    events: [{ type: 'cluster.resumed', from: 'paused', to: 'pending' }],
  };
}

/** A person has looked: whoever answers there now is the cluster that is meant. */
export function identityConfirmed(data: ClusterData, name: string, now: number): Wished {
  if (data.state.is !== 'held') throw clusterError('CLUSTER_NOT_HELD', { name, state: data.state.is });
  const { uid } = data.state;
  return {
    data: become({ ...data, uid }, { is: 'pending', since: now }),
    events: [{ type: 'cluster.identity-confirmed', from: 'held', to: 'pending', data: { uid } }],
  };
}

const become = (data: ClusterData, state: ClusterState): ClusterData => ({
  ...data,
  state,
  failing: null,
  recovering: 0,
});
