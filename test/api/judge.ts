import { expect } from 'vitest';
import type { z } from 'zod';
import type { Operation } from './document.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export async function readAnswer(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/**
 * Everything the document promises of an answer. `codes` are the statuses of all known codes; `failures` the server
 * errors that are in order.
 */
export function judge(
  operation: Operation,
  answer: Answer,
  codes: ReadonlyMap<string, number>,
  failures: readonly number[] = [],
): void {
  const documented = operation.answers[String(answer.status)];
  const told = `${operation.method} ${operation.path} answered ${answer.status}: ${answer.text.slice(0, 400)}`;
  expect(documented, `${told} (undocumented)`).toBeDefined();
  // Not being ready is what /readyz is there to tell.
  const isInOrder = operation.path === '/readyz' || failures.includes(answer.status);
  if (!isInOrder) expect(answer.status, told).toBeLessThan(500);
  expect(answer.headers.get('x-request-id'), told).toMatch(/^[\w.-]{8,64}$/);
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  if (type === 'application/problem+json') judgeProblem(answer, codes);
  if (Object.keys(documented!).length === 0) {
    expect(answer.text, told).toBe('');
    return;
  }
  const schema = documented![type];
  expect(schema, `${told} (as ${type})`).toBeDefined();
  if (/json$/.test(type)) requireFit(schema!, JSON.parse(answer.text), told);
}

function requireFit(schema: z.ZodType, value: unknown, told: string): void {
  const { success, error } = schema.safeParse(value);
  expect(success, `${told}\ndoes not fit its schema: ${error?.message}`).toBe(true);
}

/** RFC 9457 with Drover's members: a code that is known, a remedy, sentences without gaps (routes as `/{id}` are none), nothing internal. */
export function judgeProblem({ status, headers, text }: Answer, codes: ReadonlyMap<string, number>): void {
  const problem = JSON.parse(text) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, requestId: headers.get('x-request-id') });
  expect(codes.get(String(problem.code)), text).toBe(status);
  expect(problem.type).toBe(`urn:drover:problem:${problem.code}`);
  for (const name of ['title', 'detail', 'remedy']) {
    expect(problem[name], text).toMatch(/\S/);
    expect(problem[name], text).not.toMatch(/(?<!\/)\{\w+\}|undefined|\[object/);
  }
  expect(text).not.toMatch(/node_modules|\.ts:\d+|\s+at \w+ \(/);
  const language = headers.get('content-language');
  expect(['en', 'zh'], text).toContain(language);
  expect(/[\u4e00-\u9fff]/.test(String(problem.title)), text).toBe(language === 'zh');
}
