import { describe, expect, test } from 'vitest';
import type { ConnectionBody } from '../../../../shared/clusters/calls.ts';
import type { ClusterAccess } from '../../../../shared/clusters/model.ts';
import { withKept } from '../../../../shared/clusters/prepare/kept.ts';
import type { Opened } from '../../../../shared/clusters/secret/opened.ts';

const credential = { type: 'token', token: 'new' } as const;
const kubeconfig = { type: 'kubeconfig', kubeconfig: '…' } as const;
const opened: Opened = {
  ca: 'the CA',
  proxyCredential: 'me:secret',
  credential: { type: 'token', token: 'old' },
};

const anAccess = (access: Partial<ClusterAccess> = {}): ClusterAccess => ({
  server: 'https://old',
  ca: { subject: 'kubernetes', fingerprint: 'AA', expiresAt: 0 },
  fingerprint: null,
  tlsServerName: 'old-name',
  proxy: 'http://proxy:1',
  isVerified: true,
  credential: {
    type: 'token',
    subject: null,
    issuer: null,
    fingerprint: null,
    issuedAt: null,
    expiresAt: null,
    rotatedAt: 0,
    version: 1,
    serviceAccount: null,
  },
  ...access,
});

const kept = (body: ConnectionBody, access = anAccess()) => withKept(body, access, async () => opened);

describe('a change of a cluster’s connection', () => {
  test('keeps all that it does not name, the sealed parts too', async () => {
    expect(await kept({ credential })).toEqual({
      credential,
      server: 'https://old',
      ca: 'the CA',
      fingerprint: null,
      tlsServerName: 'old-name',
      proxy: 'http://me:secret@proxy:1',
    });
  });

  test('takes away what it says is null, and replaces what it names', async () => {
    const body = { credential, server: 'https://new', ca: null, tlsServerName: null, proxy: 'http://other' };
    expect(await kept(body)).toEqual({ ...body, fingerprint: null });
  });

  test('trusts a new fingerprint in place of the CA, and a new CA in place of the fingerprint', async () => {
    expect((await kept({ credential, fingerprint: 'BB' })).ca).toBeUndefined();
    const pinned = anAccess({ ca: null, fingerprint: 'AA' });
    expect(await kept({ credential, ca: 'new' }, pinned)).toMatchObject({
      ca: 'new',
      fingerprint: undefined,
    });
    expect(await kept({ credential }, pinned)).toMatchObject({ fingerprint: 'AA' });
  });

  test('lets a kubeconfig say itself where the cluster is', async () => {
    expect(await kept({ credential: kubeconfig })).toEqual({
      credential: kubeconfig,
      fingerprint: null,
      proxy: 'http://me:secret@proxy:1',
    });
  });

  test('does without what is sealed where nothing of it is kept, so that a lost secret can be replaced', async () => {
    const lost = () => Promise.reject(new Error('lost'));
    const access = anAccess({ proxy: null });
    await expect(withKept({ credential: kubeconfig }, access, lost)).resolves.toBeDefined();
    await expect(withKept({ credential, ca: 'new' }, access, lost)).resolves.toBeDefined();
    await expect(withKept({ credential }, anAccess({ proxy: null, ca: null }), lost)).resolves.toBeDefined();
    await expect(withKept({ credential }, access, lost)).rejects.toThrow('lost');
  });
});
