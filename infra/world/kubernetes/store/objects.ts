import type { StoredObject } from '../objects.ts';
import { type Named, qualified } from '../status.ts';
import { Shelf } from './shelf.ts';

/** What happened to one object. A deletion has no `now`; a birth no `before`. */
export interface Change {
  revision: number;
  key: string;
  now?: string;
  before?: string;
  /** Of a deletion: the last state, at the revision of its end, as a watch tells it. */
  last?: string;
}

export type Listener = (change: Change) => void;

/** `NAMESPACE/NAME`, or `NAME` of what has no namespace: sorted as the real server's store sorts. */
export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace ? `${namespace}/${name}` : name;

/**
 * The objects of one cluster, each version of them until it is compacted. They lie here as JSON text without kind and
 * apiVersion: that is small, can be sent without being parsed, and nobody can change what another has read.
 */
export class Objects {
  /** Rises with every write, whatever it writes: the `resourceVersion` of lists. */
  revision = 1;
  /** What happened up to here can no longer be told. */
  compacted = 0;
  readonly #shelves = new Map<string, Shelf>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #onWrite: Set<(resource: Named, change: Change) => void> = new Set();

  /** Called after every write of any resource: controllers and indexes hang here. */
  onWrite(listener: (resource: Named, change: Change) => void): void {
    this.#onWrite.add(listener);
  }

  shelf(resource: Named): Shelf {
    const name = qualified(resource);
    const known = this.#shelves.get(name);
    if (known) return known;
    const shelf = new Shelf({ group: resource.group, name: resource.name });
    this.#shelves.set(name, shelf);
    return shelf;
  }

  shelves(): Iterable<Shelf> {
    return this.#shelves.values();
  }

  /** The revision of the last write to this resource, so that what is derived from it need not be derived again. */
  revisionOf(resource: Named): number {
    return this.#shelves.get(qualified(resource))?.revision ?? 0;
  }

  get(resource: Named, namespace: string | undefined, name: string): StoredObject | undefined {
    const text = this.shelf(resource).text(keyOf(namespace, name));
    return text === undefined ? undefined : parse(text);
  }

  list(resource: Named, namespace?: string): StoredObject[] {
    return [...this.shelf(resource).walk(namespace ? `${namespace}/` : '')].map(({ text }) => parse(text));
  }

  /** Creates or replaces, and answers the object as it now is. Rules are for the verbs: here nothing is refused. */
  put(resource: Named, object: StoredObject): StoredObject {
    const shelf = this.shelf(resource);
    const key = keyOf(object.metadata.namespace, object.metadata.name!);
    const now = textOf(object, ++this.revision);
    const before = shelf.set(key, this.revision, now);
    this.#tell(shelf, { revision: this.revision, key, now, ...(before === undefined ? {} : { before }) });
    return parse(now);
  }

  remove(resource: Named, namespace: string | undefined, name: string): StoredObject | undefined {
    const shelf = this.shelf(resource);
    const key = keyOf(namespace, name);
    const before = shelf.text(key);
    if (before === undefined) return undefined;
    const last = textOf(parse(before), ++this.revision);
    shelf.set(key, this.revision, undefined);
    this.#tell(shelf, { revision: this.revision, key, before, last });
    return parse(last);
  }

  /** Many at once and untold, for a cluster that begins its life with them. */
  load(resource: Named, objects: Iterable<StoredObject>): void {
    const shelf = this.shelf(resource);
    shelf.load(this.#texts(objects));
    shelf.revision = this.revision;
  }

  *#texts(objects: Iterable<StoredObject>): Iterable<{ key: string; revision: number; text: string }> {
    for (const object of objects) {
      const key = keyOf(object.metadata.namespace, object.metadata.name!);
      yield { key, revision: ++this.revision, text: textOf(object, this.revision) };
    }
  }

  /** Forgets what no reader can ask for any more: versions that were replaced up to this revision. */
  compact(revision: number): void {
    if (revision <= this.compacted) return;
    this.compacted = revision;
    for (const shelf of this.#shelves.values()) shelf.compact(revision);
  }

  follow(resource: Named, listener: Listener): () => void {
    const name = qualified(resource);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #tell(shelf: Shelf, change: Change): void {
    shelf.changes.push(change);
    for (const listener of this.#listeners.get(qualified(shelf.resource)) ?? []) listener(change);
    for (const listener of this.#onWrite) listener(shelf.resource, change);
  }
}

/** Without kind and apiVersion, which differ by the version that is asked for. The metadata is a copy. */
function textOf({ kind: _kind, apiVersion: _version, ...rest }: StoredObject, revision: number): string {
  return JSON.stringify({ ...rest, metadata: { ...rest.metadata, resourceVersion: String(revision) } });
}

const parse = (text: string): StoredObject => JSON.parse(text) as StoredObject;
