import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fail } from './errors.ts';
import type { SimulatedCluster } from './kubernetes/cluster.ts';
import type { StoredObject } from './kubernetes/objects.ts';
import { type Named, qualified } from './kubernetes/status.ts';

/** One write. Without `now` it was a deletion. */
interface Line {
  revision: number;
  group: string;
  name: string;
  key: string;
  now?: string;
}

/** How long writes are gathered before they are put on disk: a crash loses as much. */
const gathering = 200;

/**
 * What was written to a cluster since it was made, kept in a file. A cluster is made from its seed always alike; with
 * this on top it is what it was, at the same revisions.
 */
export class Journal {
  readonly #file: string;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Brings the cluster to where the file says it was, and keeps the file from then on. */
  static async open(file: string, cluster: SimulatedCluster): Promise<Journal> {
    const lines = newestPerObject(read(file));
    for (const line of lines) replay(cluster, line);
    await cluster.settled();
    cluster.compact();
    // Whole or not at all: a crash meanwhile must not take what was kept.
    const draft = `${file}.new`;
    writeFileSync(draft, lines.map(textOf).join(''), { mode: 0o600 });
    renameSync(draft, file);
    return new Journal(file, cluster);
  }

  private constructor(file: string, cluster: SimulatedCluster) {
    this.#file = file;
    cluster.objects.onWrite(({ group, name }, { revision, key, now }) => {
      this.#pending.push(textOf({ revision, group, name, key, ...(now !== undefined && { now }) }));
      this.#timer ??= setTimeout(() => this.flush(), gathering);
    });
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    appendFileSync(this.#file, this.#pending.join(''), { mode: 0o600 });
    this.#pending = [];
  }
}

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`;

function read(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // A crash may have cut the last line short: it was never answered as written.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, index) => lineIn(line, { file, number: index + 1 }));
}

function lineIn(text: string, place: { file: string; number: number }): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw fail('WORLD_JOURNAL_UNREADABLE', place, { cause });
  }
}

function newestPerObject(lines: readonly Line[]): Line[] {
  const newest = new Map(lines.map((line) => [`${qualified(line)} ${line.key}`, line]));
  return [...newest.values()].sort((a, b) => a.revision - b.revision);
}

function replay({ objects }: SimulatedCluster, { revision, group, name, key, now }: Line): void {
  const resource: Named = { group, name };
  // The next write is the one that it was.
  objects.revision = revision - 1;
  if (now !== undefined) objects.put(resource, JSON.parse(now) as StoredObject);
  else objects.remove(resource, ...splitKey(key));
  objects.revision = revision;
}

function splitKey(key: string): [string | undefined, string] {
  const at = key.indexOf('/');
  return at < 0 ? [undefined, key] : [key.slice(0, at), key.slice(at + 1)];
}
