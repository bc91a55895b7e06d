import type { ApiAnswer } from '../api.ts';
import { answerList, type ListMeta } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { type Selection, selectionOf } from '../selectors/selection.ts';
import { badRequest, expired } from '../status.ts';
import type { Stored } from '../store/shelf.ts';
import type { Call } from './call.ts';
import { checkListOptions } from './listOptions.ts';
import { atLeast, revisionIn } from './revisions.ts';

/** Where the next page begins, and the revision that all pages are of; -1 once that is lost. */
interface Place {
  revision: number;
  from: string;
}

export function list(call: Call): ApiAnswer {
  const { resource, request } = call;
  checkListOptions(request.query);
  const { items, metadata } = page(call, selectionOf(resource, request.query));
  return answerList(call, items, metadata);
}

export function page(call: Call, selection: Selection): { items: Stored[]; metadata: ListMeta } {
  const { cluster, resource, namespace, request } = call;
  const { objects } = cluster;
  const { query } = request;
  const prefix = namespace ? `${namespace}/` : '';
  const limit = limitIn(query);
  const place = placeIn(call, limit);
  const revision = place.revision === -1 ? objects.revision : place.revision;
  const at = revision === objects.revision ? undefined : revision;

  const items: Stored[] = [];
  let next: string | undefined;
  let remaining = 0;
  for (const stored of objects.shelf(resource).walk(prefix, prefix + place.from, at)) {
    if (selection && !selection(JSON.parse(stored.text) as StoredObject)) continue;
    if (limit === 0 || items.length < limit) {
      items.push(stored);
      continue;
    }
    next ??= `${items.at(-1)!.key}\0`;
    remaining++;
    // Where a selection stands, what remains is not counted: the rest need not be read.
    if (selection) break;
  }
  const metadata: ListMeta = { resourceVersion: String(revision) };
  if (next !== undefined) {
    metadata.continue = tokenOf({ revision, from: next.slice(prefix.length) });
    if (!selection) metadata.remainingItemCount = remaining;
  }
  return { items, metadata };
}

function placeIn(call: Call, limit: number): Place {
  const { objects } = call.cluster;
  const { query, staleAt } = call.request;
  const token = query.get('continue') ?? '';
  if (token !== '') return continued(call, token);
  const version = query.get('resourceVersion') ?? '';
  const newest = staleAt ?? objects.revision;
  if (version === '' || version === '0') return { revision: newest, from: '' };
  const revision = revisionIn(version);
  atLeast(objects, revision);
  const match = query.get('resourceVersionMatch') ?? '';
  // Without a match, a limit asks for exactly this revision: older than the parameter itself.
  if (match !== 'Exact' && !(match === '' && limit > 0)) return { revision: newest, from: '' };
  if (revision < objects.compacted) throw expired(`The resourceVersion for the provided list is too old.`);
  return { revision, from: '' };
}

/** `limit` counts for nothing at resourceVersion 0, which is answered from the server's cache. */
function limitIn(query: URLSearchParams): number {
  if (query.get('resourceVersion') === '0' && !query.get('resourceVersionMatch')) return 0;
  const text = query.get('limit') ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function continued({ cluster: { objects } }: Call, token: string): Place {
  const place = readToken(token);
  if (place.revision !== -1 && place.revision < objects.compacted)
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      { continue: tokenOf({ revision: -1, from: place.from }) },
    );
  return place;
}

const tokenOf = ({ revision, from }: Place): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: from })).toString('base64url');

function readToken(token: string): Place {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    >;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string')
      return { revision: rv, from: start };
  } catch {
    // Said below: whatever is wrong with it, it is no token of ours.
  }
  throw badRequest('continue key is not valid: encoded in an unknown format');
}
