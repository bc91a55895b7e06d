import type { SimulatedCluster } from '../cluster.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { OwnerReference, StoredObject } from '../objects.ts';
import { type Named, qualified } from '../status.ts';
import type { Change } from '../store/objects.ts';
import { groupVersionOf } from '../verbs/body.ts';
import { finish, foreground, orphan, removeObject } from '../verbs/delete.ts';
import { isOver } from '../verbs/write.ts';
import { writeAs } from './writeAs.ts';

interface Place {
  resource: Named;
  namespace: string | undefined;
  name: string;
}

/** Removes what nobody owns any more, and does what a deletion with a policy waits for. */
export class GarbageCollector {
  readonly #cluster: SimulatedCluster;
  /** Who says to be owned, by the owner's uid. */
  readonly #dependents = new Map<string, Map<string, Place>>();
  readonly #owners = new Map<string, string[]>();
  /** Owners that end when their dependents have. */
  readonly #waiting = new Map<string, Place>();

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
  }

  /** Keeps the index, and sees what there is to do. */
  note(resource: Named, { now, before, last }: Change): void {
    const text = (now ?? last)!;
    const isOwned = text.includes('"ownerReferences"') || before?.includes('"ownerReferences"');
    if (now !== undefined && !isOwned && !now.includes('"deletionTimestamp"')) return;
    const object = JSON.parse(text) as StoredObject;
    const { metadata } = object;
    const place = placeOf(resource, object);
    if (isOwned) this.#index(place, now === undefined ? [] : (metadata.ownerReferences ?? []));
    if (now === undefined) {
      this.#soon(() => this.#bereave(metadata.uid!));
      for (const { uid } of metadata.ownerReferences ?? []) {
        const owner = this.#waiting.get(uid);
        if (owner) this.#soon(() => this.#clear(owner, uid));
      }
      return;
    }
    if (isOwned) this.#soon(() => this.#judge(place));
    if (metadata.deletionTimestamp === undefined) return;
    if (metadata.finalizers?.includes(orphan)) this.#soon(() => this.#release(place, metadata.uid!));
    else if (metadata.finalizers?.includes(foreground)) this.#soon(() => this.#clear(place, metadata.uid!));
  }

  /** Of objects that were loaded, not written. */
  learn(resource: Named, object: StoredObject): void {
    this.#index(placeOf(resource, object), object.metadata.ownerReferences ?? []);
  }

  #soon(work: () => void): void {
    this.#cluster.soon(work);
  }

  #index(place: Place, references: readonly OwnerReference[]): void {
    const id = `${qualified(place.resource)} ${place.namespace ?? ''}/${place.name}`;
    for (const uid of this.#owners.get(id) ?? []) {
      const places = this.#dependents.get(uid);
      places?.delete(id);
      if (places?.size === 0) this.#dependents.delete(uid);
    }
    const uids = references.map(({ uid }) => uid);
    if (uids.length === 0) this.#owners.delete(id);
    else this.#owners.set(id, uids);
    for (const uid of uids) {
      const places = this.#dependents.get(uid) ?? new Map<string, Place>();
      this.#dependents.set(uid, places.set(id, place));
    }
  }

  #dependentsOf(uid: string): Place[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** An owner is gone. */
  #bereave(uid: string): void {
    for (const place of this.#dependentsOf(uid)) this.#judge(place);
  }

  /** A dependent none of whose owners is there goes; one that keeps an owner only loses the reference. */
  #judge(place: Place): void {
    const found = this.#find(place);
    if (!found || found.object.metadata.deletionTimestamp !== undefined) return;
    const { resource, object } = found;
    const references = object.metadata.ownerReferences ?? [];
    const solid = references.filter((reference) => this.#isThere(reference, object.metadata.namespace));
    if (references.length === 0 || solid.length === references.length) return;
    if (solid.length > 0) {
      const after = { ...object, metadata: { ...object.metadata, ownerReferences: solid } };
      writeAs(this.#cluster, resource, { before: object, after });
      return;
    }
    const { finalizers = [] } = object.metadata;
    const propagationPolicy = finalizers.includes(orphan)
      ? 'Orphan'
      : finalizers.includes(foreground)
        ? 'Foreground'
        : 'Background';
    removeObject({ cluster: this.#cluster, resource }, object, { propagationPolicy });
  }

  #isThere({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): boolean {
    const resource = this.#cluster.kinds.ofKind(...groupVersionOf(apiVersion), kind);
    // What is not known may exist elsewhere: the real collector does not judge it either.
    if (!resource) return true;
    const owner = this.#cluster.objects.get(resource, resource.isNamespaced ? namespace : undefined, name);
    return owner?.metadata.uid === uid;
  }

  /** Foreground: the owner waits until those dependents are gone that block it. */
  #clear(place: Place, uid: string): void {
    const owner = this.#find(place);
    if (!owner || owner.object.metadata.uid !== uid) return;
    let isBlocked = false;
    for (const dependent of this.#dependentsOf(uid)) {
      const found = this.#find(dependent);
      if (!found) continue;
      const reference = found.object.metadata.ownerReferences?.find((one) => one.uid === uid);
      if (!reference) continue;
      if (found.object.metadata.deletionTimestamp === undefined)
        removeObject({ cluster: this.#cluster, resource: found.resource }, found.object, {
          propagationPolicy: 'Foreground',
        });
      if (reference.blockOwnerDeletion && this.#find(dependent) && !this.#waitsForOwn(found.object))
        isBlocked = true;
    }
    if (isBlocked) this.#waiting.set(uid, place);
    else {
      this.#waiting.delete(uid);
      this.#finalize(place, foreground);
    }
  }

  /** A dependent that owns what waits for it in its turn blocks nobody: the ring would never end. */
  #waitsForOwn({ metadata }: StoredObject): boolean {
    return this.#dependentsOf(metadata.uid!).some((place) => {
      const { deletionTimestamp, finalizers } = this.#find(place)?.object.metadata ?? {};
      return deletionTimestamp !== undefined && finalizers?.includes(foreground) === true;
    });
  }

  #release(place: Place, uid: string): void {
    for (const dependent of this.#dependentsOf(uid)) {
      const found = this.#find(dependent);
      if (!found) continue;
      const { metadata } = found.object;
      const rest = metadata.ownerReferences!.filter((one) => one.uid !== uid);
      const next = { ...metadata, ownerReferences: rest };
      if (rest.length === 0) delete (next as Partial<typeof next>).ownerReferences;
      const after = { ...found.object, metadata: next };
      writeAs(this.#cluster, found.resource, { before: found.object, after });
    }
    this.#finalize(place, orphan);
  }

  #finalize(place: Place, finalizer: string): void {
    const found = this.#find(place);
    if (!found) return;
    const { object, resource } = found;
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const next: StoredObject = { ...object, metadata: { ...object.metadata, finalizers } };
    if (finalizers.length === 0) delete next.metadata.finalizers;
    if (isOver(resource, next)) finish(this.#cluster, resource, next, false);
    else writeAs(this.#cluster, resource, { before: object, after: next });
  }

  #find({
    resource: { group, name: plural },
    namespace,
    name,
  }: Place): { resource: Resource; object: StoredObject } | undefined {
    const resource = this.#cluster.kinds.stored(group, plural);
    const object = resource && this.#cluster.objects.get(resource, namespace, name);
    return object && { resource: resource!, object };
  }
}

const placeOf = (resource: Named, { metadata }: StoredObject): Place => ({
  resource,
  namespace: metadata.namespace,
  name: metadata.name!,
});
