import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';
import { lampRoutes } from './lampRoutes.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  anyOf?: Schema[];
  [more: string]: unknown;
}

let world: TestApp;
let admin: string;
let document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
beforeAll(async () => {
  world = anApp({
    areas: (ports) => [lampRoutes(ports)],
    answer: async (_area, request) =>
      request.do === 'sendTest'
        ? { ok: true, code: null, status: 200, ms: 1, message: null, remedy: null }
        : { secret: 'whsec_x', sealed: 'v1.x' },
  });
  await anAdministrator(world);
  // By a name that no request is made with, so that none of them deletes it.
  admin = await world.token('admin', { name: 'the-one-who-asks' });
  document = (await world.call(undefined, 'GET', '/openapi.json')).body;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

describe('the OpenAPI document', () => {
  test('is answered with an ETag, and 304 to who has it', async () => {
    const answer = await world.call(undefined, 'GET', '/openapi.json');
    const etag = answer.headers.get('etag')!;
    const again = await world.call(undefined, 'GET', '/openapi.json', undefined, { 'if-none-match': etag });
    expect([answer.status, again.status]).toEqual([200, 304]);
  });

  test('has every API route the app serves, and no other', () => {
    const served = world.app.routes
      .filter(({ method, path }) => method !== 'ALL' && (path.startsWith('/api/') || path === '/metrics'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const told = operations()
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => /^\S+ \/(api|metrics)/.test(route));
    expect(told.sort()).toEqual([...new Set(served)].sort());
  });

  test('tells of each route what it does, who may, and that it may fail', () => {
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy();
      expect(operation.security, `${method} ${path}`).toBeDefined();
      expect(Object.keys(operation.responses), `${method} ${path}`).toEqual(
        expect.arrayContaining(['500', '503']),
      );
    }
  });

  test('has every part it refers to', () => {
    const named = Object.keys(document.components.schemas);
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(named).toContain(name);
    }
  });

  test('is what /docs shows: every route, every schema', async () => {
    const page = (await world.call(undefined, 'GET', '/docs')).body as string;
    for (const { path } of operations()) expect(page).toContain(`<code>${path}</code>`);
    for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="${name}"`);
  });
});

/** What a field of that name mostly holds: else hardly a request would come past its form. */
const likely: Record<string, unknown[]> = {
  name: ['porch', 'a', 'b-1', 'c'],
  labels: [{ env: 'prod' }, {}, 'env=prod', 'env in (prod,test)'],
  selector: ['env=prod', null],
  url: ['https://a.example/hook'],
  events: [['*'], ['cluster.*', 'token.expired']],
  expiresAt: ['2026-04-01T00:00:00Z', null],
  cursor: [''],
  slices: ['none', '3', '0-7'],
  from: ['2026-02-01T00:00:00Z'],
  until: ['2026-03-02T00:00:00Z'],
  runtime: [{ sessionHours: 5 }, {}],
};

/** Values that fit a schema more often than not, and some that fit nothing. */
function fitting(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const wild = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.string(),
    fc.constant({}),
    fc.constant([]),
    fc.boolean(),
  );
  if (depth > 4) return wild;
  if (schema.$ref) return fitting(document.components.schemas[schema.$ref.split('/').at(-1)!]!, depth + 1);
  const choices = schema.anyOf ?? (schema.oneOf as Schema[] | undefined);
  const usual = (): fc.Arbitrary<unknown> => {
    if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, depth + 1)));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    switch ([schema.type].flat()[0]) {
      case 'integer':
      case 'number':
        return fc.integer({ min: (schema.minimum ?? 0) - 1, max: (schema.maximum ?? 100) + 1 });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(fitting(schema.items ?? {}, depth + 1), { maxLength: 3 });
      case 'object': {
        const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [
          name,
          fitting(field, depth + 1),
        ]);
        const known = fc.record<Record<string, unknown>>(Object.fromEntries(fields), {
          requiredKeys: schema.required ?? [],
        });
        return schema.properties
          ? known
          : fc.dictionary(fc.constantFrom('env', 'a/b', '__proto__', 'constructor', ''), fc.string(), {
              maxKeys: 3,
            });
      }
      case 'string':
        return fc.oneof(
          fc.constantFrom(
            'porch',
            'administrator',
            'a',
            '*',
            'cluster.*',
            'https://a.example/x',
            'env=prod',
            '',
          ),
          fc.constantFrom('2026-03-02T00:00:00Z', '2020-01-01T00:00:00Z', '../..', '%00', '\u0000', '💡'),
          fc.string({ maxLength: 70 }),
        );
      default:
        return wild;
    }
  };
  return fc.oneof({ weight: 19, arbitrary: usual() }, { weight: 1, arbitrary: wild });
}

function fieldOf(name: string, schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const known = likely[name];
  if (!known) return fitting(schema, depth);
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, fitting(schema, depth));
}

const ids = fc.oneof(
  { weight: 8, arbitrary: fc.constant('porch') },
  fc.constantFrom(
    'porch',
    'administrator',
    'tok_0',
    'none',
    '%00',
    '%ff',
    '..',
    'a%2Fb',
    '__proto__',
    'constructor',
  ),
  fc.string({ minLength: 1, maxLength: 20 }).map(encodeURIComponent),
);

function requestFor({ path, method, operation }: ReturnType<typeof operations>[number]) {
  const parameters = operation.parameters ?? [];
  const named = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => fieldOf(name, schema).map((value) => [name, String(value)]));
  const some = named.length > 0 ? fc.array(fc.oneof(...named), { maxLength: 2 }) : fc.constant([]);
  const query = some.map((pairs) => Object.fromEntries(pairs) as Record<string, string>);
  const headers = fc.record(
    {
      'If-Match': fc.constantFrom('"1"', '*', '"0"', 'W/"1"', 'x'),
      'Idempotency-Key': fc.nat({ max: 200 }).map(String),
      'Accept-Language': fc.constantFrom('zh', 'en', ';;'),
    },
    { requiredKeys: [] },
  );
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const body = schema ? fitting(schema).map((value) => JSON.stringify(value)) : fc.constant(undefined);
  return fc.record({ id: ids, other: ids, query, headers, body }).map((made) => ({
    method,
    operation,
    url:
      path.replace('{id}', made.id).replace(/\{\w+\}/, made.other) +
      (Object.keys(made.query).length > 0 ? `?${new URLSearchParams(made.query)}` : ''),
    headers: made.headers as Record<string, string>,
    body: made.body,
    path,
  }));
}

/** Is what was answered of the form that the document gives it? Enough of JSON Schema for our own. */
function fits(value: unknown, schema: Schema): boolean {
  if (schema.$ref) return fits(value, document.components.schemas[schema.$ref.split('/').at(-1)!]!);
  const choices = schema.anyOf ?? (schema.oneOf as Schema[] | undefined);
  if (choices) return choices.some((choice) => fits(value, choice));
  if (schema.enum) return schema.enum.includes(value);
  const types = [schema.type ?? []].flat();
  if (value === null) return types.length === 0 || types.includes('null');
  if (Array.isArray(value))
    return types.includes('array') && value.every((entry) => fits(entry, schema.items ?? {}));
  if (typeof value === 'object' && types.includes('object')) {
    const fields = value as Record<string, unknown>;
    return (
      (schema.required ?? []).every((name) => name in fields) &&
      Object.entries(fields).every(([name, field]) =>
        schema.properties?.[name] ? fits(field, schema.properties[name]) : schema.properties === undefined,
      )
    );
  }
  if (types.length === 0) return true;
  return types.includes(Number.isInteger(value) && types.includes('integer') ? 'integer' : typeof value);
}

/** One record of every kind by the name that requests ask for. */
async function furnish() {
  await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { tokenMaxDays: null } });
  for (const [path, body] of [
    ['lamps', { name: 'porch', wants: 'on' }],
    ['tokens', { name: 'porch', role: 'viewer' }],
    ['webhooks', { name: 'porch', url: 'https://a.example/hook' }],
  ] as const) {
    await world.call(admin, 'POST', `/api/v1/${path}`, body);
  }
}

describe('requests made from the document', () => {
  test('are never answered with 5xx, an undocumented status, or a body of another form', async () => {
    const tries = fc.oneof(...operations().map(requestFor));
    await fc.assert(
      fc.asyncProperty(tries, async ({ method, url, headers, body, operation, path }) => {
        await furnish();
        const answer = await world.call(admin, method, url, body, headers);
        const what = `${method} ${url} ${body ?? ''} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`;
        // A path that an odd id turns into another route is not this operation's.
        if (answer.body?.code === 'ROUTE_UNKNOWN' || answer.body?.code === 'METHOD_NOT_ALLOWED') return;
        const told = operation.responses[answer.status];
        expect(told, what).toBeDefined();
        if (path !== '/readyz') expect(answer.status, what).toBeLessThan(500);
        const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
        const content = told?.content?.[type];
        if (answer.status !== 304) expect(content, `${what} (${type})`).toBeDefined();
        if (type.endsWith('json') && content) expect(fits(answer.body, content.schema), what).toBe(true);
        if (answer.status === 201 || (method !== 'GET' && answer.status < 300)) await world.settle();
      }),
      { numRuns: 1_200 },
    );
  }, 60_000);

  test('without a credential are answered 401, and nothing else is learnt', async () => {
    for (const { path, method, operation } of operations()) {
      if (operation.security?.length === 0) continue;
      const answer = await world.call(undefined, method, path.replaceAll(/\{\w+\}/g, 'x'), undefined);
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });
});
