import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { dynamoTable, StoreRefused, StoreUnanswered, type Table } from '#store';
import { systemClock } from '#time';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Record<string, never>) => void;

const says =
  (status: number, body: unknown): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  };
const ok = says(200, { Attributes: { n: { N: '1' } } });
const fault = (name: string, message = 'internal details of host 10.0.0.7') =>
  says(400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
const broken = says(500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' });
const unavailable = says(503, {});
const reset: Answer = (request) => request.socket.destroy();
const silent: Answer = () => {};
const stalled: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{');
};
const throttled = fault('ProvisionedThroughputExceededException');
const conditionFailed = fault('ConditionalCheckFailedException');

const closings: (() => void)[] = [];
afterAll(() => {
  for (const close of closings) close();
});

/** A store that answers by a script; its last line is repeated. */
async function scripted(...answers: Answer[]) {
  let count = 0;
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)]!;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answer(request, response, JSON.parse(Buffer.concat(chunks).toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const table = dynamoTable({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tableName: 'secret-table',
    clock: { ...systemClock, sleep: async () => {} },
  });
  closings.push(() => {
    table.close();
    server.closeAllConnections();
    server.close();
  });
  return { table, requests: () => count };
}

const key = { pk: 'a', sk: 'b' };
const operations: Record<string, (table: Table) => Promise<unknown>> = {
  get: (table) => table.get(key),
  getMany: (table) => table.getMany([key]),
  query: (table) => table.query({ partition: 'a' }),
  put: (table) => table.put(key, 'absent'),
  update: (table) => table.update(key, { set: { n: 1 } }, { n: 0 }),
  delete: (table) => table.delete(key, { n: 0 }),
  add: (table) => table.add(key, { n: 1 }),
};
const repeated = Object.entries(operations).filter(([name]) => name !== 'add');
const troubles: [string, Answer][] = [
  ['throttling', throttled],
  ['throttling by another name', fault('ThrottlingException')],
  ['an error of the store', broken],
  ['an answer that is none', unavailable],
  ['a reset connection', reset],
  ['silence', silent],
];

describe.concurrent('trouble on the way to the store', () => {
  test.each(troubles)('%s is tried again, and passes unnoticed when it ends', async (_, trouble) => {
    const { table, requests } = await scripted(trouble, ok);
    expect(await table.put(key)).toBe('written');
    expect(requests()).toBe(2);
  });

  test.each(troubles)('an addition that meets %s is sent once, and is unanswered', async (_, trouble) => {
    const { table, requests } = await scripted(trouble, ok);
    await expect(table.add(key, { n: 1 })).rejects.toThrow(StoreUnanswered);
    expect(requests()).toBe(1);
    expect(await table.add(key, { n: 1 })).toEqual({ n: 1 });
  });

  test.each(repeated)(
    '%s is unanswered after three tries',
    async (_, operation) => {
      for (const trouble of [throttled, broken, reset]) {
        const { table, requests } = await scripted(trouble);
        await expect(operation(table)).rejects.toThrow(StoreUnanswered);
        expect(requests()).toBe(3);
      }
    },
    20_000,
  );

  test('silence, and an answer that stops half-way, end before a lease does', async () => {
    const [nothing, half] = [await scripted(silent), await scripted(stalled)];
    await Promise.all([
      expect(nothing.table.put(key)).rejects.toThrow(StoreUnanswered),
      expect(half.table.get(key)).rejects.toThrow(StoreUnanswered),
      expect(half.table.add(key, { n: 1 })).rejects.toThrow(StoreUnanswered),
    ]);
    expect(half.requests()).toBe(2);
  }, 15_000);

  test('a conditional write that was applied, unanswered and tried again is refused by itself', async () => {
    const { table } = await scripted(reset, conditionFailed);
    expect(await table.put(key, 'absent')).toBe('refused');
  });

  test('a failed condition is an answer', async () => {
    const { table, requests } = await scripted(conditionFailed);
    for (const write of ['put', 'update', 'delete']) expect(await operations[write]!(table)).toBe('refused');
    expect(requests()).toBe(3);
  });

  test.each([
    ['ResourceNotFoundException', 'there is no such table'],
    ['AccessDeniedException', 'access denied'],
    ['UnrecognizedClientException', 'the credentials are not known'],
    ['ExpiredTokenException', 'the credentials have expired'],
    ['ValidationException', 'the request is not valid (ValidationException)'],
  ])('%s is refused at once, with nothing internal in the message', async (name, reason) => {
    for (const operation of Object.values(operations)) {
      const { table, requests } = await scripted(fault(name));
      const error = await operation(table).catch((caught: Error) => caught);
      expect(error).toBeInstanceOf(StoreRefused);
      expect((error as StoreRefused).reason).toBe(reason);
      expect((error as Error).message).not.toMatch(/10\.0\.0\.7|127\.0\.0\.1|secret-table/);
      expect(requests()).toBe(1);
    }
  });

  test('what an unanswered call says is without address and table', async () => {
    const { table } = await scripted(reset);
    const error = (await table.get(key).catch((caught: Error) => caught)) as Error;
    expect(error.message).toBe('The store did not answer a read.');
    expect(JSON.stringify(error.cause)).not.toMatch(/secret-table|authorization/i);
  });

  test('keys that a read of many left over are asked for again, until there is no progress', async () => {
    const left = { 'secret-table': { Keys: [{ pk: { S: 'a' }, sk: { S: 'b' } }] } };
    const found = { 'secret-table': [{ pk: { S: 'a' }, sk: { S: 'b' } }] };
    const patient = await scripted(
      says(200, { Responses: {}, UnprocessedKeys: left }),
      says(200, { Responses: {}, UnprocessedKeys: left }),
      says(200, { Responses: found, UnprocessedKeys: {} }),
    );
    expect(await patient.table.getMany([key])).toEqual([key]);
    expect(patient.requests()).toBe(3);
    const endless = await scripted(says(200, { Responses: {}, UnprocessedKeys: left }));
    await expect(endless.table.getMany([key])).rejects.toThrow(StoreUnanswered);
    expect(endless.requests()).toBe(5);
  });
});

test('of a burst of calls 32 are under way at once, and no more', async () => {
  let waiting: ServerResponse[] = [];
  let most = 0;
  const { table } = await scripted((_, response) => {
    most = Math.max(most, waiting.push(response));
    if (waiting.length !== 32) return;
    // A 33rd would come while these are held.
    setTimeout(() => {
      for (const held of waiting) held.end('{}');
      waiting = [];
    }, 20);
  });
  await Promise.all(Array.from({ length: 320 }, () => table.get(key)));
  expect(most).toBe(32);
});
