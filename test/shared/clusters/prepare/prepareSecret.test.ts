import { describe, expect, test } from 'vitest';
import type { ConnectionBody, Prepared } from '../../../../shared/clusters/calls.ts';
import type { Validation } from '../../../../shared/clusters/ladder/validation.ts';
import { checkStored, prepareSecret, validateConnection } from '../../../../shared/clusters/prepare/index.ts';
import { ca } from '../../../fixtures/clusterCertificates.ts';
import { administratorToken, aWorldCluster, strangerToken } from '../../kubernetes/aWorldCluster.ts';
import { aKubeconfig, base64 } from '../kubeconfig/aKubeconfig.ts';
import { aPreparation } from './aPreparation.ts';

const credential = { type: 'token', token: administratorToken } as const;
const validationOf = ({ validation }: Prepared) => validation as unknown as Validation;

async function aBody(more: Partial<ConnectionBody> = {}): Promise<ConnectionBody> {
  const { exposed } = await aWorldCluster();
  return { server: exposed.address, ca: ca.certPem, credential, ...more };
}

const prepare = (parts: Parameters<typeof prepareSecret>[0], body: ConnectionBody, more = {}) =>
  prepareSecret(parts, { do: 'prepare', id: 'clu_1', version: 1, body, unchecked: false, ...more });

describe('a connection that is tried', () => {
  test('is told of, and nothing of it is kept', async () => {
    const { parts, table } = aPreparation();
    const validation = await validateConnection(parts, { do: 'validate', body: await aBody() });
    expect(validation).toMatchObject({ outcome: 'warning', code: null, credential: { type: 'token' } });
    expect(table.units.write).toBe(0);
  });

  test('fails at its first step where it cannot be read, and where it is a kubeconfig says so', async () => {
    const { parts } = aPreparation();
    const kubeconfig = aKubeconfig({ user: { exec: { command: 'aws' } } });
    const body = { credential: { type: 'kubeconfig', kubeconfig } } as const;
    expect(await validateConnection(parts, { do: 'validate', body })).toMatchObject({
      outcome: 'failed',
      failedStep: 'parse',
      code: 'KUBECONFIG_EXEC',
    });
  });

  test('asks for what it was told to ask for, and always for what watching needs', async () => {
    const { parts } = aPreparation();
    const call = { do: 'validate', body: await aBody(), capabilities: ['secrets', 'unheard of'] } as const;
    const { permissions } = await validateConnection(parts, {
      ...call,
      capabilities: [...call.capabilities],
    });
    expect([...new Set(permissions.map(({ capability }) => capability))]).toEqual(['watch', 'secrets']);
  });
});

describe('a credential that is prepared', () => {
  test('is sealed for its record, and shown without what is secret', async () => {
    const { parts, store, open } = aPreparation();
    const body = await aBody();
    const prepared = await prepare(parts, body);
    expect(prepared).toMatchObject({
      access: {
        server: body.server,
        ca: { subject: 'CN=kubernetes' },
        credential: { type: 'token', version: 1 },
      },
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      seen: { isSimulated: true, nodes: { total: 0 } },
    });
    // Whose it is, an opaque token does not say: the cluster does.
    expect(prepared.access?.credential.subject).toBe('admin');
    expect(JSON.stringify(prepared)).not.toContain(administratorToken);
    expect(await open(await store('clu_1', prepared))).toEqual({ ca: ca.certPem, credential });
  });

  test('of a kubeconfig stays called one, and what it left out is warned of', async () => {
    const { parts } = aPreparation();
    const { server } = await aBody();
    const kubeconfig = aKubeconfig({
      cluster: { server, 'certificate-authority-data': base64(ca.certPem) },
      user: { token: administratorToken, 'client-key-data': base64('left out') },
    });
    const prepared = await prepare(parts, { credential: { type: 'kubeconfig', kubeconfig } });
    expect(prepared.access?.credential.type).toBe('kubeconfig');
    expect(prepared.warnings.map(({ code }) => code)).toContain('CREDENTIAL_LEFT_OUT');
    const { credential: shown, warnings } = validationOf(prepared);
    expect(shown?.type).toBe('kubeconfig');
    expect(warnings.map(({ code }) => code)).toContain('CREDENTIAL_LEFT_OUT');
  });

  test('is not sealed where the cluster refuses it, unless it is not to be checked', async () => {
    const { parts, table } = aPreparation();
    const body = await aBody({ credential: { type: 'token', token: 'unheard-of' } });
    const refused = await prepare(parts, body);
    expect(refused).toMatchObject({ access: null, secret: null });
    expect(validationOf(refused)).toMatchObject({ outcome: 'failed', code: 'AUTH_REJECTED' });
    expect(table.units.write).toBe(0);
    const stored = await prepare(parts, body, { unchecked: true });
    expect(stored).toMatchObject({
      validation: null,
      uid: null,
      seen: null,
      secret: { sealed: expect.any(String) },
    });
  });

  test('that can never be used is refused even unchecked, with the field', async () => {
    const { parts } = aPreparation();
    const refused = await prepare(parts, await aBody({ ca: 'no CA' }), { unchecked: true });
    expect(refused.secret).toBeNull();
    expect(validationOf(refused)).toMatchObject({ failedStep: 'parse', code: 'CA_INVALID' });
  });
});

describe('a credential that is replaced', () => {
  test('keeps server and CA of its record, and is the next version', async () => {
    const { parts, store, open } = aPreparation();
    const body = await aBody();
    await store('clu_1', await prepare(parts, body));
    const next = { type: 'token', token: strangerToken } as const;
    // A stranger may not watch: that is what the ladder says, not that there is no server.
    const tried = await prepare(parts, { credential: next }, { version: 2, of: 'clu_1' });
    expect(validationOf(tried).code).toBe('PERMISSION_MISSING');
    const prepared = await prepare(parts, { credential }, { version: 2, of: 'clu_1' });
    expect(prepared.access).toMatchObject({ server: body.server, credential: { version: 2 } });
    expect(await open(await store('clu_1', prepared))).toEqual({ ca: ca.certPem, credential });
  });

  test('is refused where another cluster answers', async () => {
    const { parts, store } = aPreparation();
    await store('clu_1', await prepare(parts, await aBody()));
    const elsewhere = await aBody();
    const prepared = await prepare(parts, elsewhere, { version: 2, of: 'clu_1' });
    expect(validationOf(prepared)).toMatchObject({ failedStep: 'same', code: 'CLUSTER_IDENTITY_CHANGED' });
    expect(prepared.secret).toBeNull();
  });

  test('can be replaced where the old one cannot be opened any more, if the CA is given again', async () => {
    const { parts, store, table } = aPreparation();
    const body = await aBody();
    const row = await store('clu_1', await prepare(parts, body));
    await table.update(
      { pk: `side#${row.id}`, sk: 'slots' },
      { set: { [row.data.slot]: { sealed: 'lost' } } },
    );
    const without = await prepare(parts, { credential }, { version: 2, of: 'clu_1' });
    expect(validationOf(without)).toMatchObject({ failedStep: 'parse', code: 'SECRET_UNREADABLE' });
    const again = await prepare(parts, { credential, ca: ca.certPem }, { version: 2, of: 'clu_1' });
    expect(again.secret).not.toBeNull();
  });

  test('warns where the same cluster is registered already', async () => {
    const { parts, store } = aPreparation();
    const body = await aBody();
    await store('clu_other', await prepare(parts, body));
    const codes = validationOf(await prepare(parts, body)).warnings.map(({ code }) => code);
    expect(codes).toContain('DUPLICATE_CLUSTER');
  });
});

describe('a check of what is stored', () => {
  test('climbs with the stored credential, and wakes the record where it differs', async () => {
    const { parts, store, woken } = aPreparation();
    await store('clu_1', await prepare(parts, await aBody()));
    const validation = await checkStored(parts, { do: 'check', id: 'clu_1' });
    expect(validation).toMatchObject({
      code: null,
      credential: { version: 1, rotatedAt: expect.any(String) },
    });
    expect(woken).toEqual([]);
    const pending = { is: 'pending', since: 0 } as const;
    await store('clu_1', await prepare(parts, await aBody()), { state: pending });
    await checkStored(parts, { do: 'check', id: 'clu_1' });
    expect(woken).toEqual(['clu_1']);
  });

  test('says what is the matter with a secret that cannot be opened', async () => {
    const { parts, store, table, woken } = aPreparation();
    const row = await store('clu_1', await prepare(parts, await aBody()));
    await table.delete({ pk: `side#${row.id}`, sk: 'slots' });
    expect(await checkStored(parts, { do: 'check', id: 'clu_1' })).toMatchObject({
      outcome: 'failed',
      code: 'SECRET_MISSING',
    });
    expect(woken).toEqual(['clu_1']);
  });

  test('leaves one that is paused in peace', async () => {
    const { parts, store, woken } = aPreparation();
    const paused = { is: 'paused', since: 0, until: null, reason: 'moving' } as const;
    await store('clu_1', await prepare(parts, await aBody()), { state: paused });
    await checkStored(parts, { do: 'check', id: 'clu_1' });
    expect(woken).toEqual([]);
  });
});
