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
type Schema = object;

let world: TestApp;
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

describe('routes that need a credential', () => {
  test('without a credential are answered 401, and nothing else is learnt', async () => {
    for (const { path, method, operation } of operations()) {
      if (operation.security?.length === 0) continue;
      const answer = await world.call(undefined, method, path.replaceAll(/\{\w+\}/g, 'x'), undefined);
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });
});
