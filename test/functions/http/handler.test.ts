import { describe, expect, test } from 'vitest';
import { lambdaHandler } from '../../../functions/http/handler.ts';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';

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

  const asked = (world: TestApp, over: Record<string, unknown>, method = 'GET') =>
    lambdaHandler(() => world.ports)(event({ rawPath: '/api/v1/whoami', ...over }, method));

  test('reads bodies in base64 and cookies from their own list', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const session = await lambdaHandler(() => world.ports)(
      event(
        {
          rawPath: '/sign-in',
          headers: {
            host: 'drover.example',
            'x-forwarded-proto': 'https',
            'sec-fetch-site': 'same-origin',
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: Buffer.from(`token=${admin}`).toString('base64'),
          isBase64Encoded: true,
        },
        'POST',
      ),
    );
    expect(session.statusCode).toBe(303);
    const cookie = (session as { cookies?: string[] }).cookies![0]!.split(';')[0]!;
    expect(cookie).toMatch(/^__Host-drover=/);
    const headers = { host: 'drover.example', 'x-forwarded-proto': 'https' };
    const who = await asked(world, { headers, cookies: ['other=1', cookie] });
    expect(JSON.parse(who.body)).toMatchObject({ kind: 'session', name: 'administrator' });
  });

  test('takes the address from the gateway and never from a header', async () => {
    const world = anApp();
    const viewer = await world.token('viewer', { name: 'vera' });
    const admin = await anAdministrator(world);
    const headers = {
      host: 'drover.example',
      authorization: `Bearer ${viewer}`,
      'x-forwarded-for': '203.0.113.9',
    };
    await asked(world, { rawPath: '/api/v1/tokens', headers: { ...headers, 'x-real-ip': '203.0.113.9' } });
    const { body } = await world.call(admin, 'GET', '/api/v1/audit?actor=vera&result=denied');
    expect(body.items[0].actor.address).toBe('192.0.2.7');
  });

  test.each(['TRACE', 'TRACK', 'CONNECT', 'BREW'])(
    'answers the odd method %s with a problem',
    async (method) => {
      const answer = await asked(anApp(), {}, method);
      expect(answer.statusCode).toBe(405);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    },
  );

  test.each(['//evil.example/', '/%', '/%2e%2e/%00', '/a b', '/../../x'])(
    'answers the odd path %j with 404',
    async (rawPath) => {
      const answer = await asked(anApp(), { rawPath });
      expect([rawPath, answer.statusCode]).toEqual([rawPath, 404]);
    },
  );
});
