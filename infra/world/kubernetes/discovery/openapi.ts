import { createHash } from 'node:crypto';
import type { ApiAnswer, ApiRequest } from '../api.ts';
import { kindsData } from '../kinds/data.ts';
import type { Kinds } from '../kinds/kinds.ts';
import { openapiPath } from '../kinds/resources.ts';
import { pageNotFound } from './answers.ts';
import { customDocument } from './customDocument.ts';
import { clauses, matches } from './negotiation.ts';

interface Document {
  text: string;
  hash: string;
}

/** `/openapi/v3`, its documents, and `/openapi/v2`: in JSON alone. */
export function openapi(kinds: Kinds, [form, ...rest]: readonly string[], request: ApiRequest): ApiAnswer {
  const path = rest.join('/');
  if (form === 'v2' && rest.length === 0) return inJson(request, v2(), { vary: 'Accept-Encoding, Accept' });
  if (form !== 'v3') return pageNotFound;
  const documents = allOf(kinds);
  // The aggregator puts this list together itself, and without the headers of the documents.
  if (rest.length === 0)
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: index(documents) };
  const document = documents.get(path);
  if (!document) return { status: 404, headers: {}, body: '' };
  const hash = request.query.get('hash');
  const vary = { vary: 'Accept' };
  if (hash && hash !== document.hash)
    return { status: 301, headers: { location: address(path, document), ...vary }, body: '' };
  return inJson(request, document, hash ? { ...vary, 'cache-control': 'public, immutable' } : vary);
}

function index(documents: ReadonlyMap<string, Document>): string {
  const paths = [...documents.keys()].sort();
  const urls = paths.map((path) => [path, { serverRelativeURL: address(path, documents.get(path)!) }]);
  return JSON.stringify({ paths: Object.fromEntries(urls) });
}

function inJson(request: ApiRequest, { text, hash }: Document, more: Record<string, string>): ApiAnswer {
  const isAccepted = clauses(request.headers.accept).some(({ type }) => matches(type, 'application/json'));
  if (!isAccepted) return { status: 406, headers: more, body: '' };
  const headers = { ...more, etag: `"${hash}"` };
  if (request.headers['if-none-match'] === headers.etag) return { status: 304, headers, body: '' };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: text };
}

const address = (path: string, { hash }: Document): string => `/openapi/v3/${path}?hash=${hash}`;

/** One for each group version. */
function allOf(kinds: Kinds): ReadonlyMap<string, Document> {
  const custom = kinds.all().filter(({ isCustom }) => isCustom);
  if (custom.length === 0) return builtIn();
  const byPath = Map.groupBy(custom, ({ group, version }) => openapiPath(group, version));
  const made = [...byPath].map(([path, resources]) => [path, documentOf(customDocument(resources))] as const);
  return new Map([...builtIn(), ...made]);
}

const documentOf = (text: string): Document => ({
  text,
  hash: createHash('sha512').update(text).digest('hex').toUpperCase(),
});

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Megabytes, the same for all clusters. */
const builtIn = once(
  () => new Map(Object.entries(kindsData().openapi).map(([path, text]) => [path, documentOf(text)])),
);
const v2 = once(() => documentOf(kindsData().openapiV2));
