import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalogues } from '../../infra/docs/catalogues.ts';
import { start, type TestApp } from '../functions/http/anApp.ts';
import { beforeParameter, hostileTexts, type Known, requestTo, type Sent, wellMeantTo } from './aRequest.ts';
import { aWorld } from './aWorld.ts';
import { type Document, type Operation, operationsOf } from './document.ts';
import { FailingTable } from './failingTable.ts';
import { nastyText } from './fromSchema.ts';
import { type Answer, judge, judgeProblem, readAnswer } from './judge.ts';

const { at: first } = await aWorld();
const document = JSON.parse(await (await first.app.request('/openapi.json')).text()) as Document;
const operations = operationsOf(document);
const codes = new Map(
  (await readCatalogues('.')).flatMap(({ catalogue }) =>
    Object.entries(catalogue).map(([code, { status }]): [string, number] => [code, status]),
  ),
);

/** Whose credential a request bears. Most have one that is good, or little would get past the door. */
const callers = fc.oneof(
  { weight: 6, arbitrary: fc.constant('admin') },
  { weight: 3, arbitrary: fc.constantFrom('operator', 'viewer', 'bound') },
  { weight: 1, arbitrary: fc.constantFrom('revoked', 'nobody', 'forged', 'basic') },
);

async function send({ app }: TestApp, { url, method, headers, body }: Sent, credential: string | undefined) {
  const response = await app.request(url, {
    method,
    headers: { ...(credential === undefined ? {} : { authorization: credential }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return readAnswer(response);
}

/** What later requests may name. */
function learn(known: Known, { path }: Operation, { status, headers, text }: Answer): void {
  if (status >= 300 || !headers.get('content-type')?.includes('json')) return;
  const { id, name, next, items } = JSON.parse(text) as Record<string, unknown>;
  const before = path.endsWith('}') ? path.slice(0, path.lastIndexOf('{')) : `${path}/`;
  const there = known.ids.get(before) ?? [];
  const rows = Array.isArray(items) ? (items as Record<string, unknown>[]) : [];
  for (const value of [id, name, ...rows.map((row) => row.id)])
    if (typeof value === 'string') there.push(value);
  known.ids.set(before, there);
  if (typeof next === 'string') known.cursors.push(next);
}

describe('the API, asked by its own document', () => {
  it('has operations to ask', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['GET /health', 'POST /api/v1/tokens', 'GET /api/v1/tokens/{id}']),
    );
  });

  it('answers any sequence of requests as documented, and never with a server error', async () => {
    const request = fc.oneof(...operations.map((operation) => requestTo(operation, callers)));
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40, size: 'max' }), async (drafts) => {
        const { at, credential, known } = await aWorld();
        for (const draft of drafts) {
          const sent = draft.fill(known);
          const answer = await send(at, sent, credential[draft.as]);
          judge(draft.operation, answer, codes);
          if (!draft.operation.needsSignIn) expect([401, 403]).not.toContain(answer.status);
          if (draft.operation.needsSignIn && ['nobody', 'forged', 'basic', 'revoked'].includes(draft.as)) {
            expect([401, 429]).toContain(answer.status);
          }
          learn(known, draft.operation, answer);
          await at.settle();
          at.pass(7_000);
        }
        expect(at.logged.filter(({ level }) => level === 'error')).toEqual([]);
      }),
      { numRuns: 40, seed: 1 },
    );
  }, 60_000);

  it('answers 503 and nothing worse where the store leaves calls unanswered', async () => {
    const request = fc.oneof(...operations.map((operation) => requestTo(operation, fc.constant('admin'))));
    const fate = fc.oneof(
      { weight: 12, arbitrary: fc.constant('answered' as const) },
      { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'answer lost' as const) },
    );
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 20, size: 'max' }),
        fc.infiniteStream(fate),
        async (drafts, fates) => {
          const table = new FailingTable(() => start);
          const { at, credential, known } = await aWorld(table);
          for (const draft of drafts) {
            table.fate = () => fates.next().value ?? 'answered';
            const answer = await send(at, draft.fill(known), credential.admin);
            table.fate = undefined;
            judge(draft.operation, answer, codes, [503]);
            if (answer.status === 503) failures++;
            learn(known, draft.operation, answer);
            await at.settle();
          }
        },
      ),
      { numRuns: 25, seed: 1 },
    );
    expect(failures).toBeGreaterThan(0);
  }, 60_000);

  // A generator that never gets past the door would show nothing.
  it.each(operations)(
    'lets requests through that are as they should be: $method $path',
    async (operation) => {
      const good = Object.keys(operation.answers).filter((status) => Number(status) < 300);
      const wanted = operation.path === '/readyz' ? [...good, '503'] : good;
      for (const draft of fc.sample(wellMeantTo(operation, 'admin'), { numRuns: 200, seed: 1 })) {
        const { at, credential, known } = await aWorld();
        const answer = await send(at, draft.fill(known), credential.admin);
        judge(operation, answer, codes);
        if (wanted.includes(String(answer.status))) return;
      }
      expect.fail('none of 200 was answered well');
    },
  );

  it.each(operations.filter(({ body }) => body))(
    'takes every hostile body for one: $method $path',
    async (operation) => {
      const { at, credential, known } = await aWorld();
      const url = operation.path.replaceAll(
        /\{(\w+)\}/g,
        (_, name) => known.ids.get(beforeParameter(operation.path, name))?.[0] ?? 'x',
      );
      for (const body of hostileTexts) {
        const headers = { 'content-type': 'application/json', 'if-match': '*' };
        const answer = await send(
          at,
          { operation, url, method: operation.method, headers, body },
          credential.admin,
        );
        judge(operation, answer, codes);
        expect([400, 413], `${body.slice(0, 60)}: ${answer.text.slice(0, 200)}`).toContain(answer.status);
      }
    },
  );

  it('answers what is not in it with 404 or 405, as a problem', async () => {
    const { at } = await aWorld();
    const path = fc.oneof(
      fc
        .array(nastyText, { maxLength: 4 })
        .map((parts) => `/${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`),
      fc.constantFrom(
        ...operations.map((operation) => operation.path),
        '/api',
        '/api/v1',
        '/api/v2/tokens',
        '//',
        '/%',
        '/%ff',
        '/health/',
        '/HEALTH',
      ),
    );
    const method = fc.constantFrom(
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'PROPFIND',
      'get',
    );
    await fc.assert(
      fc.asyncProperty(path, method, async (path, method) => {
        const answer = await readAnswer(await at.app.request(path, { method }));
        expect(answer.status, `${method} ${path}`).toBeLessThan(500 + (path.startsWith('/readyz') ? 100 : 0));
        if ([404, 405].includes(answer.status) && method !== 'HEAD') judgeProblem(answer, codes);
        if (answer.status === 405) expect(answer.headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
