import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Certified,
  clientCertificate,
  createCa,
  serverCertificate,
} from '../../../infra/world/pki/index.ts';
import { day } from '../../../shared/time/index.ts';

const now = Date.now();
const valid = { notBefore: now - day, notAfter: now + day };
const ca = createCa({ commonName: 'a CA', ...valid });
const server = serverCertificate(ca, { names: ['localhost', '127.0.0.1', '::1'], ...valid });
const client = clientCertificate(ca, { commonName: 'ada', organizations: ['admins', 'staff'], ...valid });

test('a client with a certificate of the same CA is known by its common name and organizations', async () => {
  expect(await greet({ server, trusted: ca, client })).toEqual({ CN: 'ada', O: ['admins', 'staff'] });
});

test.each<{ what: string; given: Parameters<typeof greet>[0]; refusal: string }>([
  {
    what: 'out of date',
    given: {
      trusted: ca,
      server: serverCertificate(ca, {
        names: ['localhost'],
        notBefore: Date.UTC(2020, 0, 1),
        notAfter: Date.UTC(2020, 1, 1),
      }),
    },
    refusal: 'CERT_HAS_EXPIRED',
  },
  {
    what: 'not yet valid',
    given: {
      trusted: ca,
      server: serverCertificate(ca, { names: ['localhost'], notBefore: now + day, notAfter: now + 2 * day }),
    },
    refusal: 'CERT_NOT_YET_VALID',
  },
  {
    what: 'of another name',
    given: { trusted: ca, server: serverCertificate(ca, { names: ['example.com'], ...valid }) },
    refusal: 'ERR_TLS_CERT_ALTNAME_INVALID',
  },
  {
    what: 'of another CA by the same name',
    given: { trusted: createCa({ commonName: 'a CA', ...valid }), server },
    refusal: 'SELF_SIGNED_CERT_IN_CHAIN',
  },
  {
    what: 'a client’s',
    given: { trusted: ca, server: client },
    refusal: 'INVALID_PURPOSE',
  },
])('a server certificate that is $what is refused', async ({ given, refusal }) => {
  await expect(greet(given)).rejects.toMatchObject({ code: refusal });
});

test('a client certificate of another CA is refused', async () => {
  const stranger = clientCertificate(createCa({ commonName: 'a CA', ...valid }), {
    commonName: 'ada',
    ...valid,
  });
  await expect(greet({ server, trusted: ca, client: stranger })).rejects.toThrow();
});

test('names, times and issuer are in the certificate as they were given', () => {
  const given = { notBefore: Date.UTC(2049, 11, 31, 23, 59, 59), notAfter: Date.UTC(2050, 0, 1) };
  const made = new X509Certificate(
    serverCertificate(ca, { names: ['a.example', '10.96.0.1', 'fd00::1'], ...given }).certPem,
  );
  expect(made.subjectAltName).toBe('DNS:a.example, IP Address:10.96.0.1, IP Address:FD00:0:0:0:0:0:0:1');
  expect([made.validFromDate.getTime(), made.validToDate.getTime()]).toEqual([
    given.notBefore,
    given.notAfter,
  ]);
  expect(made.checkIssued(new X509Certificate(ca.certPem))).toBe(true);
  expect(made.verify(new X509Certificate(ca.certPem).publicKey)).toBe(true);
  expect([made.ca, new X509Certificate(ca.certPem).ca]).toEqual([false, true]);
});

test('whatever the names and however long they are, the certificate reads back as it was written', () => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 300 })
    .filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(name, fc.array(name, { minLength: 2, maxLength: 3 }), (commonName, organizations) => {
      const ca = createCa({ commonName, ...valid });
      const made = new X509Certificate(
        clientCertificate(ca, { commonName, organizations, ...valid }).certPem,
      );
      expect(made.toLegacyObject().subject).toEqual({ CN: commonName, O: organizations });
      expect(made.checkIssued(new X509Certificate(ca.certPem))).toBe(true);
    }),
    { seed: 1 },
  );
});

/** What a server that asks for client certificates sees of a client that trusts one CA. */
async function greet(given: {
  server: Certified;
  trusted: Certified;
  client?: Certified;
}): Promise<{ CN: string; O: string | string[] } | undefined> {
  const listener = createServer({
    cert: given.server.certPem,
    key: given.server.keyPem,
    ca: ca.certPem,
    requestCert: true,
    rejectUnauthorized: given.client !== undefined,
  });
  onTestFinished(() => void listener.close());
  const seen = once(listener, 'request').then(([asked, answer]) => {
    answer.end();
    const { CN, O } = (asked.socket as TLSSocket).getPeerCertificate().subject;
    return { CN, O };
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const answered = once(
    request({
      host: '127.0.0.1',
      servername: 'localhost',
      port: (listener.address() as AddressInfo).port,
      ca: given.trusted.certPem,
      ...(given.client ? { cert: given.client.certPem, key: given.client.keyPem } : {}),
      agent: false,
    }).end(),
    'response',
  );
  const [subject] = await Promise.all([seen, answered]);
  return subject as { CN: string; O: string | string[] };
}
