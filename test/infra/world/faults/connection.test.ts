import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import type { ConnectionFault } from '../../../../infra/world/faults/fault.ts';
import { administrator, ask, exposed, identity, json } from '../aCluster.ts';

const version = () => json({ gitVersion: 'v1.37.1+simulated' });

const rows: [ConnectionFault, string][] = [
  [{ kind: 'refused' }, 'ECONNREFUSED'],
  [{ kind: 'dropped' }, 'UND_ERR_CONNECT_TIMEOUT'],
  [{ kind: 'silent' }, 'UND_ERR_CONNECT_TIMEOUT'],
  [{ kind: 'resetAtOnce' }, 'ECONNRESET'],
  [{ kind: 'plainHttp' }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
  [{ kind: 'certificate', problem: 'expired' }, 'CERT_HAS_EXPIRED'],
  [{ kind: 'certificate', problem: 'notYetValid' }, 'CERT_NOT_YET_VALID'],
  [{ kind: 'certificate', problem: 'foreignCa' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [{ kind: 'certificate', problem: 'foreignCaSent' }, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [{ kind: 'certificate', problem: 'selfSigned' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [{ kind: 'certificate', problem: 'incompleteChain' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [{ kind: 'certificate', problem: 'wrongName' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [{ kind: 'oldTls' }, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  [{ kind: 'noSharedCipher' }, 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'],
  [{ kind: 'clientCertificateRequired' }, 'UND_ERR_SOCKET'],
];

test.each(rows)('a client sees what is the matter with the connection: %o is %s', async (fault, code) => {
  const { address, switchOn, switchOff } = await exposed(version);
  expect(await ask(`${address}/version`)).toMatchObject({ status: 200 });
  const { id } = await switchOn(fault);
  expect(await ask(`${address}/version`)).toEqual({ code });
  await switchOff(id);
  expect(await ask(`${address}/version`)).toMatchObject({ status: 200 });
});

test('TLS itself says that a client certificate is required, where undici does not', async () => {
  const { address } = await exposed(version, { kind: 'clientCertificateRequired' });
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(address).port), ca: identity.ca.certPem });
  const [error] = await once(
    socket.on('secureConnect', () => socket.resume()),
    'error',
  );
  expect(error).toMatchObject({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
});

test('a client certificate opens what lets nobody in without one', async () => {
  const { address } = await exposed(version, { kind: 'clientCertificateRequired' });
  expect(await ask(`${address}/version`, { certificate: administrator })).toMatchObject({ status: 200 });
});
