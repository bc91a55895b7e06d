import { describe, expect, test } from 'vitest';
import { lambdaHandler } from '../../../functions/http/handler.ts';
import { anApp } from './anApp.ts';

const event = (over: Record<string, unknown> = {}, method = 'GET') =>
  ({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/health',
    rawQueryString: '',
    headers: { host: 'drover.example' },
    requestContext: {
      domainName: 'drover.example',
      http: { method, path: '/health', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
    },
    isBase64Encoded: false,
    ...over,
    // biome-ignore lint/suspicious/noExplicitAny: the event is what API Gateway sends, less what nobody reads
  }) as any;

describe('the Lambda handler', () => {
  test('answers an event of API Gateway’s HTTP API', async () => {
    const { ports } = anApp();
    const result = await lambdaHandler(async () => ports)(event());
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(JSON.parse(result.body)).toMatchObject({ status: 'ok' });
  });

  test('answers a GET that carries a body', async () => {
    const { ports } = anApp();
    const result = await lambdaHandler(async () => ports)(event({ body: 'aGk=', isBase64Encoded: true }));
    expect(result.statusCode).toBe(200);
  });

  test('tries to build its ports again after a failure', async () => {
    const { ports } = anApp();
    let tries = 0;
    const handler = lambdaHandler(async () => {
      if (++tries === 1) throw new Error('no settings yet');
      return ports;
    });
    await expect(handler(event())).rejects.toThrow('no settings yet');
    expect((await handler(event())).statusCode).toBe(200);
  });
});
