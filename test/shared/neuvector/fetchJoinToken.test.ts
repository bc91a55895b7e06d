import { expect, test } from 'vitest';
import { encodeJoinToken, fetchJoinToken } from '#neuvector';
import { aTlsServer, ok } from '../../fixtures/aTlsServer.ts';
import { textOf } from '../../fixtures/canaries.ts';
import { ca } from '../../fixtures/clusterCertificates.ts';
import { ports } from '../kubernetes/aWorldCluster.ts';

const token = encodeJoinToken({ server: 'primary.example', port: 11443, ticket: 'a-ticket' });
const answer = (status: number, body: string, more = '') =>
  `HTTP/1.1 ${status} X\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function fetched(
  wire: string,
  options: Parameters<typeof fetchJoinToken>[2] = { trust: { ca: ca.certPem } },
) {
  const server = await aTlsServer((socket) => socket.write(wire));
  const call = fetchJoinToken(ports.net, `https://127.0.0.1:${server.port}/token?key=canary`, options);
  return { server, call };
}

test.each([
  ['a field context', JSON.stringify({ context: token })],
  ['a field join_token', JSON.stringify({ join_token: token })],
  ['nothing around it', `${token}\n`],
])('a token comes with %s', async (_, body) => {
  const { server, call } = await fetched(ok(body));
  expect(await call).toBe(token);
  expect(server.recorded[0]!.text).toMatch(/^GET \/token\?key=canary HTTP/);
});

test.each([
  ['a refusal', answer(403, 'canary'), 'JOIN_TOKEN_URL_REFUSED'],
  ['nothing', answer(204, ''), 'JOIN_TOKEN_EMPTY'],
  ['a page', answer(200, '<!doctype html><p>canary'), 'JOIN_TOKEN_URL_WITHOUT_TOKEN'],
  ['something else', answer(200, '{"error":"canary"}'), 'JOIN_TOKEN_NOT_BASE64'],
  ['another address', answer(302, '', 'Location: https://127.0.0.1/\r\n'), 'REDIRECTED'],
  ['too much', answer(200, 'canary'.repeat(20_000)), 'RESPONSE_TOO_LARGE'],
])('%s is no token, and is not told', async (_, wire, code) => {
  const { call } = await fetched(wire);
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(textOf(error)).not.toContain('canary');
});

test('who hands tokens out is known first', async () => {
  const { call, server } = await fetched(ok(token), {});
  await expect(call).rejects.toMatchObject({ code: 'TLS_CA_UNKNOWN' });
  expect(server.recorded[0]?.text ?? '').toBe('');
});

test('over https alone', async () => {
  await expect(fetchJoinToken(ports.net, 'http://127.0.0.1:8080/')).rejects.toMatchObject({
    code: 'TARGET_SCHEME_FORBIDDEN',
  });
});

test('given up', async () => {
  const { call } = await fetched('', { trust: { ca: ca.certPem }, signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ code: 'CALL_ABORTED' });
});
