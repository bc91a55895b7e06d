import type { ApiAnswer } from '../api.ts';
import { asKind, openingOf, presented } from '../http/present.ts';
import { isTrue } from '../http/target.ts';
import type { StoredObject } from '../objects.ts';
import { type Selection, selectionOf } from '../selectors/selection.ts';
import { expired } from '../status.ts';
import type { Change } from '../store/objects.ts';
import type { Stored } from '../store/shelf.ts';
import type { Call } from './call.ts';
import { checkListOptions } from './listOptions.ts';
import { integerIn } from './options.ts';
import { revisionIn } from './revisions.ts';

type Kind = 'ADDED' | 'MODIFIED' | 'DELETED';

/** As often as the real server sends them to a watch on which nothing happens. */
const bookmarkEvery = 60_000;
const longestSeconds = 3600;

export function watch(call: Call): ApiAnswer {
  const { request, form } = call;
  checkListOptions(request.query, true);
  const selection = selectionOf(call);
  const version = request.query.get('resourceVersion') ?? '';
  const from = version === '' ? 0 : revisionIn(version);
  return {
    status: 200,
    headers: { 'content-type': form.isYaml ? 'application/yaml' : 'application/json' },
    body: events(call, selection, from, follow(call, from)),
  };
}

/** What a watch tells. It is all there from the request on, however late it is read. */
interface Followed {
  initial: readonly Stored[];
  missed: readonly Change[];
  /** The revision that these two go up to. */
  upTo: number;
  coming: Change[];
  /** Set by the reader who waits for more. */
  wake: () => void;
  end: AbortSignal;
  stop(): void;
}

function follow({ cluster, resource, namespace, request }: Call, from: number): Followed {
  const { objects } = cluster;
  const prefix = namespace ? `${namespace}/` : '';
  const shelf = objects.shelf(resource);
  const isDeclined =
    request.query.has('sendInitialEvents') && !isTrue(request.query.get('sendInitialEvents'));
  const over = new AbortController();
  const followed: Followed = {
    initial: from === 0 && !isDeclined ? [...shelf.walk(prefix)] : [],
    missed:
      from === 0
        ? []
        : shelf.changes.filter(({ revision, key }) => revision > from && key.startsWith(prefix)),
    upTo: objects.revision,
    coming: [],
    wake: () => {},
    end: AbortSignal.any([request.signal, over.signal]),
    stop: () => over.abort(),
  };
  const unfollow = objects.follow(resource, (change) => {
    const { coming } = followed;
    // Who does not read for as long as history is kept is given up: what waits would grow for ever.
    if (coming[0] && coming[0].revision <= objects.compacted) return followed.stop();
    if (change.revision > from && change.key.startsWith(prefix)) coming.push(change);
    followed.wake();
  });
  const undrop = cluster.onDrop(followed.stop);
  followed.end.addEventListener('abort', () => {
    followed.coming.length = 0;
    unfollow();
    undrop();
  });
  return followed;
}

/** What there was, then what happens, until the client goes or its time is over. */
async function* events(
  call: Call,
  selection: Selection,
  from: number,
  followed: Followed,
): AsyncGenerator<string> {
  const { objects, clock } = call.cluster;
  const { query } = call.request;
  const { initial, missed, coming, end } = followed;
  const line = lines(call);
  const until = clock.now() + 1000 * (integerIn(query, 'timeoutSeconds') || longestSeconds);
  const hasBookmarks = isTrue(query.get('allowWatchBookmarks'));
  try {
    if (from > 0 && from < objects.compacted) {
      const object = expired(`too old resource version: ${from} (${objects.compacted + 1})`).status;
      yield `${JSON.stringify({ type: 'ERROR', object })}\n`;
      return;
    }
    for (const { text } of initial) {
      const object = JSON.parse(text) as StoredObject;
      if (!selection || selection(object)) yield line('ADDED', object);
    }
    for (const change of missed) yield* told(change);
    // Whoever begins with what there is and takes bookmarks is told where that ends, asked or not.
    const isBegun = isTrue(query.get('sendInitialEvents') ?? String(from === 0));
    if (hasBookmarks && isBegun) yield bookmark(call, followed.upTo, { 'k8s.io/initial-events-end': 'true' });
    let bookmarkAt = clock.now() + bookmarkEvery;
    while (!end.aborted && clock.now() < until) {
      const next = coming.shift();
      if (next) {
        yield* told(next);
        continue;
      }
      if (hasBookmarks && clock.now() >= bookmarkAt) {
        yield bookmark(call, objects.revision);
        bookmarkAt = clock.now() + bookmarkEvery;
      }
      const woken = new AbortController();
      followed.wake = () => woken.abort();
      const pause = Math.min(until, hasBookmarks ? bookmarkAt : until) - clock.now();
      await clock.sleep(pause, AbortSignal.any([end, woken.signal]));
    }
    if (hasBookmarks && !end.aborted) yield bookmark(call, objects.revision);
  } finally {
    followed.stop();
  }

  function* told({ now, before, last, revision }: Change): Generator<string> {
    const after = now === undefined ? undefined : (JSON.parse(now) as StoredObject);
    const old = before === undefined ? undefined : (JSON.parse(before) as StoredObject);
    const kind = kindOf(isSelected(after), isSelected(old));
    if (kind === 'DELETED')
      yield line(kind, last ? (JSON.parse(last) as StoredObject) : atRevision(old!, revision));
    else if (kind) yield line(kind, after!);
  }

  function isSelected(object: StoredObject | undefined): boolean {
    return object !== undefined && (!selection || selection(object));
  }
}

const kindOf = (isIn: boolean, wasIn: boolean): Kind | undefined =>
  isIn ? (wasIn ? 'MODIFIED' : 'ADDED') : wasIn ? 'DELETED' : undefined;

/** An object that left the selection is told as it last was, with the revision at which it left. */
const atRevision = (object: StoredObject, revision: number): StoredObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** Columns are told with the first event alone. */
function lines(call: Call): (kind: Kind, object: StoredObject) => string {
  const { resource, form } = call;
  const opening = openingOf(resource);
  let isFirst = true;
  return (kind, object) => {
    if (form.as === 'object')
      return `{"type":"${kind}","object":${opening}${JSON.stringify(object).slice(1)}}\n`;
    const shown = presented(call, asKind(resource, object)) as { columnDefinitions?: unknown };
    if (form.as === 'Table' && !isFirst) shown.columnDefinitions = null;
    isFirst = false;
    return `${JSON.stringify({ type: kind, object: shown })}\n`;
  };
}

function bookmark(call: Call, revision: number, annotations?: Record<string, string>): string {
  const metadata = { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) };
  const object = asKind(call.resource, { metadata });
  return `${JSON.stringify({ type: 'BOOKMARK', object: presented(call, object) })}\n`;
}
