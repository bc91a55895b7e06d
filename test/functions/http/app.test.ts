import { describe, expect, test } from 'vitest';
import { anApp } from './anApp.ts';

describe('the app', () => {
  test('says that it is alive', async () => {
    const { app } = anApp();
    const answer = await app.request('/health');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ok', version: '0.0.0-test' });
  });

  test('answers an unknown route with a problem document in the language asked for', async () => {
    const { app } = anApp();
    const answer = await app.request('/nowhere', { headers: { 'accept-language': 'zh-CN,en;q=0.5' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'ROUTE_UNKNOWN', title: '没有此路径', status: 404 });
  });

  test('names the methods of a route that does not offer the one used', async () => {
    const { app } = anApp();
    const answer = await app.request('/health', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const options = await app.request('/health', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect((await app.request('/health', { method: 'HEAD' })).status).toBe(200);
    expect((await app.request('/health/')).status).toBe(200);
  });

  test('keeps a harmless request id of the caller and makes its own otherwise', async () => {
    const { app } = anApp();
    const kept = await app.request('/health', { headers: { 'x-request-id': 'caller-12345' } });
    expect(kept.headers.get('x-request-id')).toBe('caller-12345');
    const made = await app.request('/health', { headers: { 'x-request-id': 'bad id "' } });
    expect(made.headers.get('x-request-id')).toMatch(/^req_/);
  });

  test('counts requests by route pattern, method and status, and flushes at the end', async () => {
    const { app, counted, flushes } = anApp();
    await app.request('/health');
    await app.request('/nowhere/at/all');
    expect(counted).toEqual([
      ['drover_http_requests_total', { route: '/health', method: 'GET', status: '200' }],
      ['drover_http_requests_total', { route: 'unmatched', method: 'GET', status: '404' }],
    ]);
    expect(flushes()).toBe(2);
  });
});
