import type { KubeObject } from '../objects.ts';
import { difference, has, type Path, setOf } from './fieldSet.ts';
import { identityOf, type Manager, managersOf, withManagers } from './managers.ts';

/*
 * A Scale has no managers of its own: they are those of what is scaled who own its replicas, and go back there when
 * the Scale was changed.
 */

const ofScale = ['f:spec', 'f:replicas'];
export const scaleVersion = 'autoscaling/v1';

/** The Scale with the managers that what is scaled has; `replicas` is where its number stands. */
export function withScaleManagers<T extends KubeObject>(scale: T, scaled: KubeObject, replicas: Path): T {
  const owners = [...(managersOf(scaled.metadata.managedFields) ?? new Map<string, Manager>()).values()]
    .filter(({ set }) => has(set, replicas))
    .map((owner) => ({ ...owner, apiVersion: scaleVersion, set: setOf(ofScale) }));
  return withManagers(scale, new Map(owners.map((owner) => [identityOf(owner), owner])));
}

/** What is scaled with the managers that the Scale has; whoever is new has no time. */
export function withScaledManagers<T extends KubeObject>(scaled: T, scale: KubeObject, replicas: Path): T {
  const { apiVersion } = scaled;
  const left = new Map(managersOf(scale.metadata.managedFields));
  const managers = new Map<string, Manager>();
  for (const [identity, manager] of managersOf(scaled.metadata.managedFields) ?? []) {
    const keeps = !has(manager.set, replicas) || left.delete(identity);
    managers.set(identity, keeps ? manager : { ...manager, set: difference(manager.set, setOf(replicas)) });
  }
  for (const [identity, { time: _, ...manager }] of left) {
    if (has(manager.set, ofScale)) managers.set(identity, { ...manager, apiVersion, set: setOf(replicas) });
  }
  return withManagers(scaled, managers);
}
