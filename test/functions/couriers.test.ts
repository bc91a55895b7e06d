import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DroverError, errorsOf } from '#errors';
import type { Log } from '#reconcile';
import { readSettings } from '#settings';
import { systemClock } from '#time';
import { answerCall, type CallAnswer, lambdaCouriers } from '../../functions/couriers.ts';

/** Lambda's Invoke, as far as couriers use it: what was asked, and the answer it is to give. */
let asked: { name: string; type: string; payload: unknown }[] = [];
let answer: { status: number; body: string; error?: string } = { status: 202, body: '' };
const lambda = createServer((call, reply) => {
  let body = '';
  call.setEncoding('utf8').on('data', (chunk) => {
    body += chunk;
  });
  call.on('end', () => {
    const name = decodeURIComponent(call.url!.split('/')[3]!);
    const type = String(call.headers['x-amz-invocation-type']);
    asked.push({ name, type, payload: body === '' ? undefined : JSON.parse(body) });
    if (answer.error !== undefined) reply.setHeader('x-amz-function-error', answer.error);
    reply.writeHead(answer.status).end(answer.body);
  });
});

const warnings: [string, unknown][] = [];
const log: Log = {
  debug() {},
  info() {},
  error() {},
  warn: (message, fields) => void warnings.push([message, fields]),
};
const settingsFor = (port: number) =>
  readSettings({ DROVER_FUNCTIONS: 'drover-test', DROVER_LAMBDA_ENDPOINT: `http://127.0.0.1:${port}` });
let couriers: ReturnType<typeof lambdaCouriers>;

beforeAll(async () => {
  lambda.listen(0, '127.0.0.1');
  await once(lambda, 'listening');
  couriers = lambdaCouriers(settingsFor((lambda.address() as AddressInfo).port), systemClock, log);
});
afterAll(() => {
  lambda.close();
  lambda.closeAllConnections();
});
beforeEach(() => {
  asked = [];
  warnings.length = 0;
  answer = { status: 202, body: '' };
});

const handOver = { kind: 'step', ids: ['tok_1'], at: 5 } as const;

test('a hand-over goes to the area’s worker, and its answer is not waited for', async () => {
  await couriers.work('core', { ...handOver, ids: [...handOver.ids] });
  expect(asked).toEqual([{ name: 'drover-test-core-work', type: 'Event', payload: handOver }]);
});

test('a tick is asked for, which the timer’s is not', async () => {
  await couriers.tick('notify');
  expect(asked).toEqual([{ name: 'drover-test-notify-tick', type: 'Event', payload: { kind: 'asked' } }]);
});

test('a hand-over that is refused is logged, and no error: the next tick finds the work', async () => {
  answer = { status: 429, body: '{"Type":"User"}' };
  await couriers.work('core', { ...handOver, ids: [...handOver.ids] });
  expect(warnings).toEqual([
    [expect.stringContaining('next tick'), expect.objectContaining({ function: 'drover-test-core-work' })],
  ]);
});

test('a call answers what the worker answered', async () => {
  answer = { status: 200, body: JSON.stringify({ ok: true, value: { found: 3 } } satisfies CallAnswer) };
  expect(await couriers.call('core', { do: 'count' })).toEqual({ found: 3 });
  expect(asked).toEqual([
    {
      name: 'drover-test-core-work',
      type: 'RequestResponse',
      payload: { at: expect.any(Number), kind: 'call', request: { do: 'count' } },
    },
  ]);
});

const fail = errorsOf({
  LAMP_BROKEN: {
    status: 409,
    title: { en: 'Broken', zh: '坏了' },
    message: { en: 'The lamp {name} is broken.', zh: '灯 {name} 坏了。' },
    remedy: { en: 'Replace it.', zh: '请更换。' },
  },
});

test('an error of the worker’s travels whole: code, sentences, fields and time to wait', async () => {
  const thrown = fail(
    'LAMP_BROKEN',
    { name: 'hall' },
    { fields: [{ path: 'name', code: 'broken', message: 'is' }], retryAfterSeconds: 7 },
  );
  const sent = await answerCall(settingsFor(1), 'core', log, () => Promise.reject(thrown));
  answer = { status: 200, body: JSON.stringify(sent) };
  const caught = await couriers.call('core', {}).catch((error: unknown) => error);
  expect(caught).toBeInstanceOf(DroverError);
  const { code, entry, values, fields, retryAfterSeconds } = thrown;
  expect(caught).toMatchObject({ code, entry, values, fields, retryAfterSeconds });
});

test.each([
  [
    'an error that is none of ours',
    async () => answerCall(settingsFor(1), 'core', log, () => Promise.reject(new Error('secret'))),
  ],
  ['an answer that is none', async () => 'nonsense'],
  ['no answer at all', async () => null],
])('%s is WORKER_FAILED, and tells nothing of what is inside', async (_, make) => {
  const made = await make();
  answer = { status: 200, body: made === null ? '' : JSON.stringify(made) };
  const caught = await couriers.call('core', {}).catch((error: unknown) => error);
  expect(caught).toMatchObject({ code: 'WORKER_FAILED' });
  expect(JSON.stringify(caught)).not.toContain('secret');
});

test('a worker that threw is WORKER_FAILED', async () => {
  answer = { status: 200, body: '{"errorMessage":"boom"}', error: 'Unhandled' };
  await expect(couriers.call('core', {})).rejects.toMatchObject({ code: 'WORKER_FAILED' });
});

test('a worker that cannot be invoked is WORKER_UNREACHABLE', async () => {
  answer = { status: 403, body: '{"Type":"User"}' };
  await expect(couriers.call('core', {})).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
});
