import { createRoute, z } from '@hono/zod-openapi';
import type { Caller, Role } from '#auth';
import type { By, Json } from '#reconcile';
import type { Api } from './api.ts';
import type { AppContext } from './appEnv.ts';
import { readJsonBody } from './body.ts';
import { ifMatchOf } from './conditions.ts';
import { httpError } from './errors.ts';
import { admit } from './gate.ts';
import { fieldErrors, notKnown, type Part, refusedField } from './issues.ts';
import { problemSchema } from './schemas.ts';

type Fields = z.ZodType<object>;

/** A route as an area declares it: who may, what comes in, what goes out. The rest is the same for all. */
export interface Spec<P extends Fields, Q extends Fields, B extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `/api/v1/things/{id}` */
  path: string;
  /** The least role that may; `anyone` needs no sign-in. */
  role: Role | 'anyone';
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** A POST may come without its body. */
  bodyOptional?: boolean;
  ifMatch?: 'honoured' | 'required';
  /** `type`: JSON, unless it says one other or several. */
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string | readonly string[] }>;
  /** Problems that only this route has, by status; the common ones are known from what is declared above. */
  problems?: readonly number[];
  /** What problems of a status look like where they carry evidence. */
  evidence?: Record<number, z.ZodType>;
}

export interface Call<P, Q, B> {
  c: AppContext;
  params: P;
  query: Q;
  body: B;
  /** Who calls; on routes for anyone, nobody. */
  caller: Caller;
  /** For Records: who writes what, with the request's If-Match. */
  by(action: string, more?: { before?: Json; after?: Json }): By;
}

const nobody: Caller = { actor: { kind: 'anonymous', id: '', name: '' }, role: 'viewer' };
const nothing = z.strictObject({});

/** On GET and DELETE a body means nothing; elsewhere one that is not expected is a mistake. */
const takesBody = (method: string): boolean => ['post', 'put', 'patch'].includes(method);

export function endpoint<P extends Fields, Q extends Fields, B extends z.ZodType>(
  api: Api,
  spec: Spec<P, Q, B>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Response>,
): void {
  const accepted =
    spec.method === 'patch' ? ['application/json', 'application/merge-patch+json'] : ['application/json'];
  api.app.openAPIRegistry.registerPath(documented(spec, accepted));
  // A slash at the end is documented as it is asked for, and makes no difference in matching.
  const path = spec.path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/(?<=.)\/$/, '');
  api.app.on(spec.method.toUpperCase(), path, async (c) => {
    c.set('route', spec.path);
    const caller = spec.role === 'anyone' ? nobody : await admit(c, api.authenticator, spec.role);
    const ifMatch = spec.ifMatch ? ifMatchOf(c, spec.ifMatch === 'required') : undefined;
    const params = checked(c, spec.params ?? nothing, decodedParams(c), 'path');
    const query = checked(c, spec.query ?? nothing, singleQuery(c), 'query');
    const raw = takesBody(spec.method) ? await readJsonBody(c, accepted) : undefined;
    if (spec.body && raw === undefined && !spec.bodyOptional) throw httpError('BODY_MISSING');
    const body = checked(c, spec.body ?? nothing, raw === undefined ? {} : raw, 'body');
    const call = {
      c,
      params: params as z.output<P>,
      query: query as z.output<Q>,
      body: body as z.output<B>,
      caller,
      by: (action: string, more: { before?: Json; after?: Json } = {}): By => ({
        actor: caller.actor,
        action,
        requestId: c.get('requestId'),
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...more,
      }),
    };
    if (spec.method !== 'post' || spec.role === 'anyone') return handle(call);
    return api.idempotency.once(c, caller, raw, () => handle(call));
  });
}

function checked(c: AppContext, schema: z.ZodType, value: unknown, part: Part): unknown {
  const result = schema.safeParse(value, { reportInput: false });
  if (result.success) return result.data;
  const fields = fieldErrors(result.error.issues, part, c.get('language'));
  throw httpError('REQUEST_INVALID', { first: fields[0]?.message ?? part }, { fields });
}

function decodedParams(c: AppContext): Record<string, string> {
  return { ...c.req.param() } as Record<string, string>;
}

const repeated = { en: 'is given more than once', zh: '重复出现' };

/** A parameter given twice would be read one way here and another way by whatever stands in front. */
function singleQuery(c: AppContext): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of new URL(c.req.url).searchParams) {
    const isRepeated = Object.hasOwn(single, name);
    if (isRepeated || name === '__proto__') {
      const path = `query.${name}`;
      const [code, text] = isRepeated ? (['repeated', repeated] as const) : (['unknown', notKnown] as const);
      throw refusedField(path, code, text, c.get('language'));
    }
    single[name] = value;
  }
  return single;
}

// biome-ignore lint/suspicious/noExplicitAny: the document's generator takes schemas of any kind
type AnySpec = Spec<any, any, any>;

function documented(spec: AnySpec, accepted: readonly string[]) {
  const { params, query, body } = spec;
  const answers = Object.entries(spec.answers).map(
    ([status, { description, schema, type = 'application/json' }]) => [
      status,
      {
        description,
        ...(schema ? { content: Object.fromEntries([type].flat().map((one) => [one, { schema }])) } : {}),
      },
    ],
  );
  const problems = problemStatuses(spec).map((status) => [
    status,
    {
      description: problemNames[status],
      content: { 'application/problem+json': { schema: spec.evidence?.[status] ?? problemSchema } },
    },
  ]);
  return createRoute({
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    description: [spec.description, spec.role === 'anyone' ? undefined : `Needs the role ${spec.role}.`]
      .filter((part) => part !== undefined)
      .join(' '),
    security: spec.role === 'anyone' ? [] : [{ token: [] }, { session: [] }],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(headersOf(spec) ? { headers: headersOf(spec)! } : {}),
      ...(body
        ? {
            body: {
              required: !spec.bodyOptional,
              content: Object.fromEntries(accepted.map((type) => [type, { schema: body }])),
            },
          }
        : {}),
    },
    responses: Object.fromEntries([...answers, ...problems]),
  });
}

function headersOf({ method, ifMatch, role }: AnySpec): z.ZodObject | undefined {
  const headers = {
    ...(ifMatch === 'required' ? { 'If-Match': z.string() } : {}),
    ...(ifMatch === 'honoured' ? { 'If-Match': z.string().optional() } : {}),
    ...(method === 'post' && role !== 'anyone' ? { 'Idempotency-Key': z.string().max(255).optional() } : {}),
  };
  return Object.keys(headers).length > 0 ? z.object(headers) : undefined;
}

/** Every problem that a route can answer with by what it declares. */
function problemStatuses(spec: AnySpec): number[] {
  const statuses = [
    ...[400, 500, 503],
    ...(spec.role === 'anyone' ? [] : [401, 403, 429]),
    ...(spec.params ? [404] : []),
    ...(takesBody(spec.method) ? [413, 415] : []),
    ...(spec.ifMatch ? [412] : []),
    ...(spec.ifMatch === 'required' ? [428] : []),
    ...(spec.method === 'post' && spec.role !== 'anyone' ? [409, 422] : []),
    ...(spec.problems ?? []),
  ];
  return [...new Set(statuses)].filter((status) => !(status in spec.answers)).sort((a, b) => a - b);
}

const problemNames: Record<number, string> = {
  400: 'The request is not valid; "errors" names the fields.',
  401: 'Not signed in, or the credential is not valid.',
  403: 'Signed in, and not allowed.',
  404: 'No such record within this token’s reach.',
  409: 'In conflict with what is there, or with a request still running.',
  412: 'If-Match names another version.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body’s content type is not taken.',
  422: 'Understood, and refused by its own check; or the Idempotency-Key belongs to another request.',
  428: 'If-Match is needed.',
  429: 'Too many failed sign-ins; see Retry-After.',
  500: 'Something failed inside Drover.',
  502: 'A worker function failed.',
  504: 'What had to be asked outside did not answer in time.',
  503: 'The store, a worker or the identity provider does not answer.',
};
