import { expect, test } from 'vitest';
import { closedOrigins } from '../../functions/closedOrigins.ts';
import type { Handler } from '../../functions/http/handler.ts';

const answering = (headers: Record<string, string>): Handler =>
  (async () => ({ statusCode: 200, headers, body: '', isBase64Encoded: false })) as unknown as Handler;
const answerOf = async (headers: Record<string, string>, environment: Record<string, string>) =>
  (await closedOrigins(answering(headers), environment)({} as never))?.headers;

test('under the emulator, an answer that permits no origin permits only the local run itself', async () => {
  expect(await answerOf({ etag: '"1"' }, { IS_OFFLINE: 'true', SERVER_PORT: '9090' })).toEqual({
    etag: '"1"',
    'access-control-allow-origin': 'http://127.0.0.1:9090',
    'access-control-allow-credentials': 'false',
  });
});

test('what the app permits stays', async () => {
  const permitted = {
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
  };
  expect(await answerOf(permitted, { IS_OFFLINE: 'true' })).toEqual(permitted);
});

test('on AWS nothing is added', async () => {
  expect(await answerOf({ etag: '"1"' }, {})).toEqual({ etag: '"1"' });
});
