import type { StoredObject } from '../objects.ts';
import type { Named } from '../status.ts';
import { nodes } from './nodes.ts';
import { daemonSets, deployments, jobs, namespaces, replicaSets } from './owners.ts';
import { type PopulationOptions, planOf } from './plan.ts';
import { pods } from './pods.ts';

export type { PopulationOptions } from './plan.ts';

export interface Shipment {
  resource: Named;
  /** Made one by one as they are asked for: a large cluster's pods never lie side by side as objects. */
  objects: Iterable<StoredObject>;
}

/** A cluster at work: its nodes, what runs on them, and what that belongs to. The same for the same options. */
export function populate(options: PopulationOptions): Shipment[] {
  const plan = planOf(options);
  const of = (group: string, name: string, objects: Iterable<StoredObject>): Shipment => ({
    resource: { group, name },
    objects,
  });
  return [
    of('', 'namespaces', namespaces(plan)),
    of('', 'nodes', nodes(plan)),
    of('apps', 'daemonsets', daemonSets(plan)),
    of('apps', 'deployments', deployments(plan)),
    of('apps', 'replicasets', replicaSets(plan)),
    of('batch', 'jobs', jobs(plan)),
    of('', 'pods', pods(plan)),
  ];
}
