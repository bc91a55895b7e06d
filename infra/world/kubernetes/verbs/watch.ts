import type { ApiAnswer } from '../api.ts';
import { asKind, openingOf, presented } from '../http/present.ts';
import { isTrue } from '../http/target.ts';
import type { StoredObject } from '../objects.ts';
import { type Selection, selectionOf } from '../selectors/selection.ts';
import { expired, type Status } from '../status.ts';
import type { Change } from '../store/objects.ts';
import type { Call } from './call.ts';
import { checkListOptions, wantsInitial } from './listOptions.ts';
import { atLeast, revisionIn } from './revisions.ts';

type Kind = 'ADDED' | 'MODIFIED' | 'DELETED';

/** As often as the real server sends them to a watch on which nothing happens. */
const bookmarkEvery = 60_000;
const longest = 3600;

export function watch(call: Call): ApiAnswer {
  const { request, resource } = call;
  checkListOptions(request.query, true);
  const selection = selectionOf(resource, request.query);
  const version = request.query.get('resourceVersion') ?? '';
  const from = version === '' ? 0 : revisionIn(version);
  atLeast(call.cluster.objects, from);
  return {
    status: 200,
    headers: { 'content-type': call.form.isYaml ? 'application/yaml' : 'application/json' },
    body: events(call, selection, from),
  };
}

/** What has happened since, then what happens, until the client goes or its time is over. */
async function* events(call: Call, selection: Selection, from: number): AsyncGenerator<string> {
  const { cluster, resource, namespace, request } = call;
  const { objects, clock } = cluster;
  const { query } = request;
  const prefix = namespace ? `${namespace}/` : '';
  const line = lines(call);
  const isWanted = ({ key }: Change) => key.startsWith(prefix);
  const waiting: Change[] = [];
  let wake = () => {};
  const ended = new AbortController();
  const unfollow = objects.follow(resource, (change) => {
    if (isWanted(change)) waiting.push(change);
    wake();
  });
  const undrop = cluster.onDrop(() => ended.abort());
  const end = AbortSignal.any([request.signal, ended.signal]);
  const limit = timeIn(query);
  const until = clock.now() + limit;
  let told = objects.revision;
  try {
    if (from === 0) {
      for (const stored of [...objects.shelf(resource).walk(prefix)]) {
        const object = JSON.parse(stored.text) as StoredObject;
        if (!selection || selection(object)) yield line('ADDED', object);
      }
    } else if (from < objects.compacted) {
      const { status } = expired(`too old resource version: ${from} (${objects.compacted + 1})`);
      yield errorLine(status);
      return;
    } else {
      const missed = objects
        .shelf(resource)
        .changes.filter((change) => change.revision > from && isWanted(change));
      for (const change of missed) yield* lineOf(change);
    }
    if (wantsInitial(query)) yield bookmark(call, told, { 'k8s.io/initial-events-end': 'true' });
    const hasBookmarks = isTrue(query.get('allowWatchBookmarks'));
    let bookmarkAt = clock.now() + bookmarkEvery;
    while (!end.aborted && clock.now() < until) {
      const next = waiting.shift();
      if (next) {
        told = next.revision;
        yield* lineOf(next);
        continue;
      }
      if (hasBookmarks && clock.now() >= bookmarkAt) {
        told = objects.revision;
        yield bookmark(call, told);
        bookmarkAt = clock.now() + bookmarkEvery;
      }
      const woken = new AbortController();
      wake = () => woken.abort();
      const pause = Math.min(until, hasBookmarks ? bookmarkAt : until) - clock.now();
      await clock.sleep(pause, AbortSignal.any([end, woken.signal]));
    }
    if (hasBookmarks && !end.aborted) yield bookmark(call, objects.revision);
  } finally {
    unfollow();
    undrop();
  }

  function* lineOf(change: Change): Generator<string> {
    const now = change.now === undefined ? undefined : (JSON.parse(change.now) as StoredObject);
    const before = change.before === undefined ? undefined : (JSON.parse(change.before) as StoredObject);
    const isIn = now !== undefined && (!selection || selection(now));
    const wasIn = before !== undefined && (!selection || selection(before));
    const kind = kindOf(isIn, wasIn);
    if (kind === 'DELETED')
      yield line(kind, change.last ? JSON.parse(change.last) : withRevision(before!, change.revision));
    else if (kind) yield line(kind, now!);
  }
}

const kindOf = (isIn: boolean, wasIn: boolean): Kind | undefined =>
  isIn ? (wasIn ? 'MODIFIED' : 'ADDED') : wasIn ? 'DELETED' : undefined;

/** An object that left the selection is told as it last was, with the revision at which it left. */
const withRevision = (object: StoredObject, revision: number): StoredObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

function timeIn(query: URLSearchParams): number {
  const text = query.get('timeoutSeconds') ?? '';
  return 1000 * (/^[1-9]\d*$/.test(text) ? Number(text) : longest);
}

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
  if (call.form.as === 'object') return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
  return `${JSON.stringify({ type: 'BOOKMARK', object: presented(call, object) })}\n`;
}

const errorLine = (status: Status): string => `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
