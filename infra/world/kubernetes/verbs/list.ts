import type { ApiAnswer } from '../api.ts';
import { answerList, type ListMeta } from '../http/present.ts';
import { isObject } from '../json.ts';
import type { StoredObject } from '../objects.ts';
import { type Selection, selectionOf } from '../selectors/selection.ts';
import { badRequest, expired } from '../status.ts';
import type { Stored } from '../store/shelf.ts';
import { parseJson, plain, SyntaxProblem } from '../validation/source.ts';
import type { Call } from './call.ts';
import { checkListOptions } from './listOptions.ts';
import { integerIn } from './options.ts';
import { atLeast, pastOf, revisionIn } from './revisions.ts';

/** Where the next page begins, and the revision that all pages are of; -1 once that is lost. */
interface Place {
  revision: number;
  from: string;
}

export function list(call: Call): ApiAnswer {
  checkListOptions(call.request.query);
  const { items, metadata } = page(call, selectionOf(call));
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

  const shelf = objects.shelf(resource);
  const items: Stored[] = [];
  let isMore = false;
  for (const stored of shelf.walk(prefix, prefix + place.from, at)) {
    isMore = limit > 0 && items.length === limit;
    if (isMore) break;
    if (!selection || selection(JSON.parse(stored.text) as StoredObject)) items.push(stored);
  }
  const metadata: ListMeta = { resourceVersion: String(revision) };
  if (isMore) {
    const next = `${items.at(-1)!.key}\0`;
    metadata.continue = tokenOf({ revision, from: next.slice(prefix.length) });
    // Where a selection stands nobody counts what remains, nor looks whether any of it is selected.
    if (!selection) metadata.remainingItemCount = shelf.countFrom(prefix, next, at);
  }
  return { items, metadata };
}

function placeIn(call: Call, limit: number): Place {
  const { objects } = call.cluster;
  const { query, staleAt } = call.request;
  const token = query.get('continue') ?? '';
  if (token !== '') return continued(call, token);
  const version = query.get('resourceVersion') ?? '';
  const newest = pastOf(objects, staleAt) ?? objects.revision;
  if (version === '' || version === '0') return { revision: newest, from: '' };
  const revision = revisionIn(version, 'list');
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
  return integerIn(query, 'limit') ?? 0;
}

function continued({ cluster: { objects } }: Call, token: string): Place {
  const place = readToken(token);
  atLeast(objects, place.revision);
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
  const refuse = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  let read: unknown;
  try {
    // Each byte is a character: what is quoted of it is what the server would quote.
    read = plain(parseJson(Buffer.from(token, 'base64url').toString('latin1')));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw refuse(error.message);
  }
  const { v = '', rv, start } = isObject(read) ? read : {};
  if (v !== 'meta.k8s.io/v1') throw refuse(`server does not recognize this encoded version ${v}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0)
    throw refuse('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof start !== 'string' || start === '')
    throw refuse('encoded start key empty (version meta.k8s.io/v1)');
  return { revision: Math.max(rv, -1), from: start };
}
