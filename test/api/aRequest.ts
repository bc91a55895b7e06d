import fc from 'fast-check';
import type { Operation, Parameter, Schema } from './document.ts';
import { fromSchema, nastyText, nearly } from './fromSchema.ts';

export interface Sent {
  operation: Operation;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** What earlier answers named. Without it hardly a request finds a record. */
export interface Known {
  /** By the path before them: `/api/v1/tokens/` */
  ids: Map<string, string[]>;
  cursors: string[];
}

/** A request as it is decided before it is known what there is: `fill` gives it ids and cursors. */
export interface Draft {
  operation: Operation;
  fill(known: Known): Sent;
  /** Whose credential, by name. */
  as: string;
}

type Values = Record<string, string | undefined>;

/** Requests to one operation: most as it wants them, some nearly so or hostile. */
export function requestTo(operation: Operation, callers: fc.Arbitrary<string>): fc.Arbitrary<Draft> {
  return fc.oneof(
    { weight: 3, arbitrary: draftOf(operation, callers, wellMeant(operation)) },
    { weight: 1, arbitrary: draftOf(operation, callers, hostile(operation)) },
  );
}

interface Parts {
  path: Values;
  query: Values;
  headers: Values;
  body: Body;
  oddHeaders: Record<string, string>;
  oddQuery: string;
}

export const wellMeantTo = (operation: Operation, caller: string): fc.Arbitrary<Draft> =>
  draftOf(operation, fc.constant(caller), wellMeant(operation));

const wellMeant = (operation: Operation): fc.Arbitrary<Parts> =>
  fc.record({
    path: values(operation, 'path', asDocumented),
    query: values(operation, 'query', asDocumented),
    headers: values(operation, 'header', asDocumented),
    body: goodBody(operation),
    oddHeaders: fc.constant({}),
    oddQuery: fc.constant(''),
  });

const hostile = (operation: Operation): fc.Arbitrary<Parts> =>
  fc.record({
    path: values(operation, 'path', asDocumentedOrNot),
    query: values(operation, 'query', asDocumentedOrNot),
    headers: values(operation, 'header', asDocumentedOrNot),
    body: badBody(operation),
    oddHeaders: fc.oneof(fc.constant({}), oddHeaders),
    oddQuery: fc.oneof(fc.constant(''), oddQuery),
  });

function draftOf(
  operation: Operation,
  callers: fc.Arbitrary<string>,
  parts: fc.Arbitrary<Parts>,
): fc.Arbitrary<Draft> {
  return fc
    .record({
      parts,
      as: callers,
      useKnown: fc.integer({ min: 0, max: 9 }).map((n) => n < 8),
      pick: fc.nat({ max: 1_000_000 }),
      language: fc.constantFrom('en', 'zh', 'zh-CN;q=0.5, en;q=0.1', '*', ''),
    })
    .map(({ parts: { path, query, headers, body, oddHeaders, oddQuery }, as, useKnown, pick, language }) => ({
      operation,
      as,
      fill({ ids, cursors }) {
        const named = Object.fromEntries(
          Object.keys(path).flatMap((name) => {
            const there = useKnown ? (ids.get(beforeParameter(operation.path, name)) ?? []) : [];
            return there.length > 0 ? [[name, there[pick % there.length]!]] : [];
          }),
        );
        // A cursor is made up by nobody: a known one, or none.
        const cursor = useKnown && cursors.length > 0 ? cursors[pick % cursors.length] : undefined;
        const asked = 'cursor' in query && useKnown ? { ...query, cursor } : query;
        return {
          operation,
          method: operation.method,
          url: address(operation.path, { ...path, ...named }, asked, oddQuery),
          headers: { 'accept-language': language, ...plain(headers), ...body.headers, ...oddHeaders },
          body: body.bytes,
        };
      },
    }));
}

export const beforeParameter = (path: string, name: string): string =>
  path.slice(0, path.indexOf(`{${name}}`));

type OneValue = (parameter: Parameter) => fc.Arbitrary<string | undefined>;

const asDocumented: OneValue = ({ name, required, schema }) => {
  const right =
    name === 'If-Match' ? fc.constantFrom('"1"', '*', '"2"', 'W/"1"') : fromSchema(schema).map(String);
  return required
    ? right
    : fc.oneof({ weight: 1, arbitrary: right }, { weight: 3, arbitrary: fc.constant(undefined) });
};

const asDocumentedOrNot: OneValue = (parameter) => fc.oneof(asDocumented(parameter), nastyText);

function values(operation: Operation, place: Parameter['in'], one: OneValue): fc.Arbitrary<Values> {
  const parameters = operation.parameters.filter((parameter) => parameter.in === place);
  return fc.record(Object.fromEntries(parameters.map((parameter) => [parameter.name, one(parameter)])));
}

interface Body {
  bytes: Sent['body'];
  headers: Record<string, string>;
}

const noBody: Body = { bytes: undefined, headers: {} };

function bodySchema({ body }: Operation): { type: string; schema: Schema } | undefined {
  const [first] = Object.entries(body ?? {});
  return first && { type: first[0], schema: first[1] };
}

const asJson =
  (type = 'application/json') =>
  (value: unknown): Body => ({ bytes: JSON.stringify(value), headers: { 'content-type': type } });

function goodBody(operation: Operation): fc.Arbitrary<Body> {
  const asked = bodySchema(operation);
  return asked ? fromSchema(asked.schema).map(asJson(asked.type)) : fc.constant(noBody);
}

function badBody(operation: Operation): fc.Arbitrary<Body> {
  if (operation.method === 'GET') return fc.constant(noBody);
  const { type, schema = {} } = bodySchema(operation) ?? {};
  return fc.oneof(
    nearly(schema).map(asJson(type)),
    nearly(schema).map(asJson(type)),
    hostileBody,
    fc.constant(noBody),
  );
}

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** Each breaks something that reads bodies without care. */
export const hostileTexts: readonly string[] = [
  '{',
  '[]',
  'null',
  '"text"',
  '1',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '{"labels":{"__proto__":{"a":"b"}}}',
  '{"name":"a","name":"b"}',
  deep(33),
  deep(20_000),
  '['.repeat(50_000),
  JSON.stringify({ name: 'x'.repeat(1_048_577) }),
  JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]))),
  '{"name": 1e400}',
  '{"name":"\\ud800"}',
];

const hostileBody: fc.Arbitrary<Body> = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
      fc.json(),
      nastyText.map((text) => text.toWellFormed()),
      fc.constantFrom(...hostileTexts),
    ),
    fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/json; charset=latin1',
      'text/plain',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      '',
    ),
  )
  .map(([bytes, type]) => ({ bytes, headers: type === '' ? {} : { 'content-type': type } }));

const visible = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
});
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.record({
    cookie: fc.oneof(
      visible,
      visible.map((text) => `drover=${text}`),
    ),
  }),
  fc.record({ 'x-request-id': visible }),
  fc.record({ 'if-match': visible }),
  fc.record({ 'if-none-match': visible }),
  fc.record({ 'idempotency-key': visible }),
  fc.record({
    accept: fc.constantFrom('text/html', 'application/xml', '*/*;q=0', 'application/openmetrics-text'),
  }),
  fc.record({ 'accept-language': visible }),
  fc.record({ 'content-length': fc.constantFrom('-1', '99999999', 'abc') }),
  fc.record({ 'content-encoding': fc.constantFrom('gzip', 'br', 'identity') }),
  fc.record({ origin: fc.constantFrom('null', 'https://evil.example', 'http://localhost') }),
  fc.record({ 'x-forwarded-for': visible }),
);

/** As it stands on the wire: repeated, unknown and malformed. */
const oddQuery = fc.constantFrom(
  'limit=1&limit=2',
  'unknown=1',
  '=',
  '&&',
  '%',
  '%ff=%fe',
  '__proto__=1',
  'a[b]=c',
  'wait',
);

function address(path: string, parameters: Values, query: Values, odd: string): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(parameters[name] ?? 'x'));
  const asked = Object.entries(plain(query)).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const search = [...asked, ...(odd === '' ? [] : [odd])].join('&');
  return search === '' ? filled : `${filled}?${search}`;
}

/** A dot alone would be taken out of the path by the client, and with it the operation. */
const encoded = (text: string): string => {
  const safe = encodeURIComponent(text.toWellFormed());
  return /^\.{1,2}$/.test(safe) ? `${safe}%20` : safe === '' ? '%20' : safe;
};

/** Header values are ASCII without control characters; the client refuses others before they leave. */
const plain = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, /^[A-Z]/.test(name) ? value.replaceAll(/[^\u0020-\u007e]/g, '~').trim() : value]];
    }),
  );
