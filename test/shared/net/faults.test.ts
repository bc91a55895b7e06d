import { expect, test } from 'vitest';
import { faultOf, netErrors } from '#net';
import type { Stage } from '../../../shared/net/dial.ts';

const coded = (code: string, more: { cause?: unknown } = {}) => Object.assign(new Error('x', more), { code });
const place = { host: 'a.example', port: 6443 };

test.each<[unknown, Stage, string]>([
  [coded('ECONNREFUSED'), 'tcp', 'TCP_REFUSED'],
  // Where several addresses were tried, Node's message is empty and the codes lie within.
  [new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), 'tcp', 'TCP_REFUSED'],
  [coded('EHOSTUNREACH'), 'tcp', 'TCP_UNREACHABLE'],
  [coded('ECONNRESET'), 'tcp', 'TCP_RESET'],
  [coded('ECONNRESET'), 'tls', 'TLS_RESET'],
  [coded('ECONNRESET'), 'http', 'HTTP_CUT'],
  [coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls', 'TLS_CLIENT_CERT_REQUIRED'],
  [coded('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'), 'tls', 'TLS_HANDSHAKE_FAILED'],
  [coded('CERT_NOT_YET_VALID'), 'tls', 'TLS_CERT_NOT_YET_VALID'],
  // The same code of undici for a silent firewall and a silent TLS server: the stage tells them apart.
  [coded('UND_ERR_CONNECT_TIMEOUT'), 'tcp', 'TCP_TIMEOUT'],
  [coded('UND_ERR_CONNECT_TIMEOUT'), 'tls', 'TLS_TIMEOUT'],
  [coded('UND_ERR_HEADERS_TIMEOUT'), 'http', 'HTTP_TIMEOUT'],
  [coded('UND_ERR_SOCKET'), 'http', 'HTTP_CUT'],
  [coded('HPE_INVALID_CONSTANT'), 'http', 'HTTP_INVALID'],
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'tcp', 'TCP_REFUSED'],
  [new TypeError('terminated', { cause: coded('UND_ERR_SOCKET') }), 'http', 'HTTP_CUT'],
  [undefined, 'http', 'HTTP_CUT'],
])('%s at %s is %s', (error, stage, code) => {
  expect(faultOf(error, stage, place)).toMatchObject({ code, values: { host: 'a.example', port: 6443 } });
});

test('a sentence never repeats what an error says, for it may hold a header with a token', () => {
  const fault = faultOf(new Error('invalid header: Bearer secret'), 'http', place);
  expect(fault.message).not.toContain('secret');
});

test('every value that a sentence names is given in both languages', () => {
  for (const { message, remedy } of Object.values(netErrors)) {
    for (const text of [message, remedy]) {
      const names = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
      expect(names(text.zh)).toEqual(names(text.en));
    }
  }
});
