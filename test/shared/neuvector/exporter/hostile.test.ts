import { expect, test } from 'vitest';
import type { Way } from '#neuvector';
import { collect } from '#neuvector/exporter';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';

/** A controller that answers these texts, and 404 to all else. */
function saying(answers: Record<string, string>): Way {
  const answer = ({ path }: { path: string }) => {
    const text = answers[path];
    const body = Buffer.from(text ?? '{"code":1,"error":"URL not found","message":""}');
    return { status: text === undefined ? 404 : 200, headers: {}, body };
  };
  return {
    place: 'nv:10443',
    send: async (request) => answer(request),
    stream: async (request) => {
      const { body, ...head } = answer(request);
      return {
        ...head,
        body: (async function* () {
          yield body;
        })(),
      };
    },
    close: async () => undefined,
  };
}

async function scraped(answers: Record<string, string>) {
  const options = { target: 'nv', compat: false, enforcerStats: false, clock: new SteppedClock() };
  const pass = { kind: 'apiKey', name: 'a', secret: 'b' } as const;
  const { text, families } = await collect({ way: saying(answers), pass }, options);
  return { text: Buffer.from(text).toString(), families };
}

const hosts = '{"hosts":[{"name":"h","id":"1","memory":5}]}';
const conversations = (from: string) =>
  `{"conversations":[{"from":${from},"to":"b","bytes":1,"ports":["80"]}]}`;

test.each([
  ['brackets within brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['lists of long lists', JSON.stringify(Array.from({ length: 500 }, () => Array(500).fill('x'.repeat(50))))],
])('a label of %s is an empty one', async (_, from) => {
  const { text } = await scraped({ '/v1/conversation': conversations(from), '/v1/host': hosts });
  expect(text).toContain('nv_host_memory');
  expect(text).toMatch(/nv_conversation_bytes\{from=",*"/);
});

test.each([
  ['one text', JSON.stringify('x'.repeat(1_000_000))],
  ['many', JSON.stringify(Array(100_000).fill('x'.repeat(10)))],
])('a label of a megabyte, of %s, costs the series that has it, and nothing else', async (_, from) => {
  const { text, families } = await scraped({ '/v1/conversation': conversations(from), '/v1/host': hosts });
  expect(text).toContain('nv_host_memory');
  expect(text.length).toBeLessThan(10_000);
  const failed = new Set(families.flatMap(({ name, failure }) => (failure ? [name] : [])));
  expect([failed.has('nv_host'), failed.has('nv_conversation')]).toEqual([false, true]);
});

test('numbers that are none, names that end lines, and objects in place of texts break no line', async () => {
  const list = `{"hosts":[
    {"name":"a\\"} 1\\nevil 2\\n","id":"\\\\","memory":1e999},
    {"name":{"x":1},"id":null,"memory":-1},
    {"name":"\\ud800","id":"\\u0000\\r","memory":5}, 7, null, [[]]]}`;
  const { text } = await scraped({ '/v1/host': list });
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) expect(line).toMatch(/^\w+\{(\w+="([^"\\\n]|\\.)*",?)*\} -?[\d.e+]+$/);
});
