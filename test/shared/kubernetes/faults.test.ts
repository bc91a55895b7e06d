import { describe, expect, test } from 'vitest';
import { asked } from '#kubernetes';
import { systemClock } from '#time';
import type { Fault } from '../../../infra/world/faults/fault.ts';
import { aWorldCluster, connected, ports, portsAt } from './aWorldCluster.ts';

const path = '/api/v1/namespaces';

describe('what is the matter at the other end has a code', () => {
  test.each<[Fault, string]>([
    [{ kind: 'refused' }, 'TCP_REFUSED'],
    [{ kind: 'dropped' }, 'TCP_TIMEOUT'],
    [{ kind: 'resetAtOnce' }, 'TLS_RESET'],
    [{ kind: 'plainHttp' }, 'TLS_NOT_TLS'],
    [{ kind: 'certificate', problem: 'expired' }, 'TLS_CERT_EXPIRED'],
    [{ kind: 'certificate', problem: 'notYetValid' }, 'TLS_CERT_NOT_YET_VALID'],
    [{ kind: 'certificate', problem: 'foreignCa' }, 'TLS_CA_UNKNOWN'],
    [{ kind: 'certificate', problem: 'foreignCaSent' }, 'TLS_CA_UNKNOWN'],
    [{ kind: 'certificate', problem: 'selfSigned' }, 'TLS_SELF_SIGNED'],
    [{ kind: 'certificate', problem: 'incompleteChain' }, 'TLS_CHAIN_INCOMPLETE'],
    [{ kind: 'certificate', problem: 'wrongName' }, 'TLS_NAME_MISMATCH'],
    [{ kind: 'oldTls' }, 'TLS_PROTOCOL_UNSUPPORTED'],
    [{ kind: 'noSharedCipher' }, 'TLS_HANDSHAKE_FAILED'],
    [{ kind: 'clientCertificateRequired' }, 'TLS_CLIENT_CERT_REQUIRED'],
    [{ kind: 'reset' }, 'HTTP_CUT'],
    [{ kind: 'reset', afterBytes: 0 }, 'HTTP_CUT'],
    [{ kind: 'reset', afterBytes: 100 }, 'HTTP_CUT'],
    [{ kind: 'status', code: 401 }, 'AUTH_REJECTED'],
    [{ kind: 'status', code: 403 }, 'PERMISSION_MISSING'],
    [{ kind: 'status', code: 429, retryAfterSeconds: 7 }, 'THROTTLED'],
    [{ kind: 'status', code: 500 }, 'HTTP_5XX'],
    [{ kind: 'status', code: 503 }, 'HTTP_5XX'],
    [{ kind: 'status', code: 504 }, 'HTTP_5XX'],
    [{ kind: 'html', code: 200 }, 'NOT_KUBERNETES'],
    [{ kind: 'html', code: 401 }, 'NOT_KUBERNETES'],
    [{ kind: 'html', code: 403 }, 'NOT_KUBERNETES'],
    [{ kind: 'html', code: 404 }, 'NOT_KUBERNETES'],
    [{ kind: 'html', code: 502 }, 'HTTP_5XX'],
    [{ kind: 'redirect', to: 'https://169.254.169.254/' }, 'REDIRECTED'],
    [{ kind: 'proxyAuthentication' }, 'PROXY_AUTH_REQUIRED'],
    [{ kind: 'credentialsLost' }, 'CREDENTIALS_NOT_PRESENTED'],
  ])('%j is %s', async (fault, code) => {
    const { access } = await aWorldCluster(fault);
    // Nothing ends the waiting for a connection that is neither taken nor refused, so here time has to pass.
    const connection = await connected(access, fault.kind === 'dropped' ? portsAt(systemClock) : ports);
    await expect(asked(connection, { path, timeout: 100 })).rejects.toMatchObject({ code });
  });

  test('a body that ends early and looks whole is cut, too', async () => {
    const { access } = await aWorldCluster({ kind: 'truncated', afterBytes: 100 });
    const connection = await connected(access);
    const answer = await asked(connection, { path });
    expect(() => answer.json()).toThrow(expect.objectContaining({ code: 'HTTP_CUT' }));
  });
});
