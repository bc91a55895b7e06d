import { expect, test, vi } from 'vitest';
import { DroverError } from '#errors';
import {
  joinArea,
  joinErrors,
  type MembershipBody,
  type MembershipData,
  newMembership,
  type Prepared,
  paused,
  present,
} from '#join';
import { createEngine, type Ports } from '#reconcile';
import { SecretReferences } from '#secretReferences';
import { MemoryTable } from '#store';
import { minute } from '#time';
import { SettingsMembership } from '../../../../shared/join/settings/applySettings.ts';
import { referenceError } from '../../../../shared/secretReferences/errors.ts';
import { bytesFrom, seeded } from '../../../fixtures/chance.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';

const forMetrics = { CTRL_API_SERVICE: 'neuvector:10443', CTRL_PASSWORD: 'canary' };
const joining = {
  ...forMetrics,
  ENABLE_FED_JOIN: 'true',
  PAAS_STORE_ID: 'u2204a',
  JOIN_TOKEN: 'canary-token',
};
const person = { actor: { kind: 'token' as const, id: 'tok_1', name: 'ops' }, action: 'join.update' };

function aProcess(host = aHost()) {
  const said: string[] = [];
  const calls: { id: string; version: number; body: MembershipBody }[] = [];
  let refusal: Error | undefined;
  const { records } = createEngine(joinArea, host.ports);
  const resolve = vi.fn((setting: string, text: string) =>
    new SecretReferences(host.clock).resolve(setting, text),
  );
  const parts = {
    ...host.ports,
    records,
    references: { resolve },
    log: { ...host.ports.log, warn: (message: string) => void said.push(message) },
    async prepare(call: (typeof calls)[number]): Promise<Prepared> {
      if (refusal) throw refusal;
      calls.push(call);
      return preparedOf(call, host.clock.now());
    },
  };
  let given: Record<string, string> | undefined;
  let membership: SettingsMembership | undefined;
  return {
    ...host,
    records,
    said,
    calls,
    resolve,
    /** The process goes on with the environment it has; another environment is another process. */
    apply(next: Record<string, string>) {
      if (next !== given) membership = new SettingsMembership({ ...parts, given: next });
      given = next;
      return membership!.apply();
    },
    refuse(error: Error | undefined) {
      refusal = error;
    },
    read: () => records.get('default', 'join'),
    shown: async () => present((await records.get('default', 'join'))!),
  };
}

function aHost() {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const nothing = () => undefined;
  const ports: Ports & { table: MemoryTable } = {
    table,
    clock,
    random: bytesFrom(seeded(1)),
    couriers: { work: async () => undefined, tick: async () => undefined, call: async () => null },
    meter: { count: nothing, observe: nothing },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
  return { clock, table, ports };
}

const noTrust = { ca: null, fingerprint: null, tlsServerName: null };
function preparedOf({ version, body }: { version: number; body: MembershipBody }, now: number): Prepared {
  const view = { type: 'password' as const, name: 'admin', version, rotatedAt: now };
  return {
    controller: {
      by: 'address',
      address: body.controller!.address!,
      trust: noTrust,
      credential: view,
    },
    wish: body.join
      ? {
          storeId: body.storeId ?? null,
          clusterName: null,
          advertise: { server: null, port: null },
          primary: null,
          tokenGivenAt: now,
          tokenUrl: null,
          maxAttempts: 10,
          stayJoined: 'mend',
          contract: 'controller',
        }
      : null,
    secret: { sealed: `sealed ${version}` },
  };
}

test('nothing in the environment makes nothing, and asks nothing of the store but whether there was something', async () => {
  const { apply, read, calls } = aProcess();
  expect(await apply({})).toBe('absent');
  expect(await read()).toBeUndefined();
  expect(calls).toEqual([]);
});

test('settings make the membership default, in the name of the system, and leave it alone while they stay', async () => {
  const { apply, read, calls, table, clock, shown } = aProcess();
  expect(await apply(joining)).toBe('created');
  expect(await shown()).toMatchObject({ state: 'waiting', from: 'settings', storeId: 'u2204a', cause: null });
  const row = (await read())!;
  expect(row.data.suffix).toMatch(/^[a-z0-9]{6}$/);
  const writes = vi.spyOn(table, 'put');
  const updates = vi.spyOn(table, 'update');
  for (let i = 0; i < 3; i++) {
    await clock.step(minute);
    expect(await apply(joining)).toBe('unchanged');
  }
  expect(writes).not.toHaveBeenCalled();
  expect(updates).not.toHaveBeenCalled();
  expect(calls).toMatchObject([{ version: 1, by: { actor: { kind: 'system', id: 'settings' } } }]);
});

test('another process knows settings that stayed by their mark, and seals nothing anew', async () => {
  const first = aProcess();
  await first.apply(joining);
  const second = aProcess(first);
  expect(await second.apply({ ...joining })).toBe('unchanged');
  expect(second.calls).toEqual([]);
});

test('no secret stands in the record, nor a digest of it that could be tried out quickly', async () => {
  const { apply, read } = aProcess();
  await apply(joining);
  const { settingsMark } = (await read())!.data;
  expect(JSON.stringify(await read())).not.toContain('canary');
  expect(settingsMark).toMatch(/^s1\.[\w-]{22}\.[\w-]{43}$/);
  const again = aProcess();
  await again.apply(joining);
  expect((await again.read())!.data.settingsMark).not.toBe(settingsMark);
});

test('changed settings change it, under the name it has in the federation', async () => {
  const { apply, read, calls } = aProcess();
  await apply(joining);
  const { suffix } = (await read())!.data;
  expect(await apply({ ...joining, CTRL_PASSWORD: 'canary 2' })).toBe('changed');
  const { data } = (await read())!;
  expect(data).toMatchObject({ suffix, secretVersion: 2, state: { is: 'waiting' } });
  expect(data.slot).not.toBe(calls[0]!.id);
  expect(calls.map(({ version }) => version)).toEqual([1, 2]);
  expect(await apply({ ...forMetrics })).toBe('changed');
  expect((await read())!.data).toMatchObject({ wish: null, state: { is: 'watching' }, suffix });
});

test('what is no part of the membership changes nothing of it', async () => {
  const { apply } = aProcess();
  await apply(joining);
  expect(await apply({ ...joining, EXPORTER_PORT: '8068', ENFORCER_STATS: 'true' })).toBe('unchanged');
});

test('settings that are gone pause it, and the same ones wake it without being sealed anew', async () => {
  const { apply, shown, calls } = aProcess();
  await apply(joining);
  expect(await apply({})).toBe('paused');
  expect(await shown()).toMatchObject({ state: 'paused', cause: 'SETTINGS_GONE' });
  expect(await apply({ PATH: '/bin' })).toBe('paused');
  expect(await apply({ ...joining })).toBe('changed');
  expect(await shown()).toMatchObject({ state: 'waiting', cause: null });
  expect(calls).toHaveLength(1);
});

test('settings that are wrong pause it with all that is missing or malformed in one message, in both languages', async () => {
  const { apply, shown, read, said } = aProcess();
  await apply(joining);
  const wrong = { CTRL_API_SERVICE: 'neuvector:10443', ENABLE_FED_JOIN: 'true', MAX_JOIN_RETRIES: 'canary' };
  expect(await apply(wrong)).toBe('paused');
  expect(await shown()).toMatchObject({
    state: 'paused',
    cause: 'SETTINGS_INCOMPLETE',
    message:
      'The settings of the controller cannot be used: MAX_JOIN_RETRIES must be a number from 1 to 1000; CTRL_PASSWORD ' +
      'or CTRL_API_KEY is missing; PAAS_STORE_ID is missing; JOIN_TOKEN or JOIN_TOKEN_URL is missing.',
    remedy: expect.stringContaining('CTRL_CA or CTRL_FINGERPRINT'),
  });
  expect(present((await read())!, 'zh').message).toContain('缺少 PAAS_STORE_ID');
  const { version } = (await read())!;
  expect(await apply(wrong)).toBe('paused');
  expect((await read())!.version).toBe(version);
  expect(said).toEqual(['the settings of the controller cannot be used']);
});

test('settings that were never whole make a record that says so, and that works once they are', async () => {
  const { apply, shown, read } = aProcess();
  expect(await apply({ CTRL_API_SERVICE: 'neuvector:10443' })).toBe('paused');
  expect(await shown()).toMatchObject({
    state: 'paused',
    from: 'settings',
    cause: 'SETTINGS_INCOMPLETE',
    controller: { address: 'neuvector:10443' },
  });
  const { suffix } = (await read())!.data;
  expect(await apply(joining)).toBe('changed');
  expect((await read())!.data).toMatchObject({
    suffix,
    secretVersion: 2,
    state: { is: 'waiting', cause: null },
  });
});

test('where not even the controller is known the log alone can say so, once', async () => {
  const { apply, read, said } = aProcess();
  const wrong = { ENABLE_FED_JOIN: 'true' };
  expect(await apply(wrong)).toBe('refused');
  expect(await apply(wrong)).toBe('refused');
  expect(await read()).toBeUndefined();
  expect(said).toEqual(['the settings of the controller cannot be used']);
});

test('what only the reading of the membership finds is told by the names of the settings', async () => {
  const { apply, shown, refuse } = aProcess();
  const at = {
    path: 'controller.ca',
    code: 'CA_INVALID',
    message: { en: 'holds no certificate.', zh: '没有证书。' },
  };
  const also = { path: 'token', code: 'TOKEN', message: { en: 'is no token', zh: '不是令牌' } };
  refuse(new DroverError('TWO', joinErrors.NAME_TAKEN_AT_PRIMARY, {}, { fields: [at, also] }));
  expect(await apply(joining)).toBe('paused');
  expect((await shown()).message).toContain('CTRL_CA: holds no certificate; JOIN_TOKEN: is no token');
});

test('a fault of our own pauses nothing', async () => {
  const { apply, shown, refuse } = aProcess();
  await apply(joining);
  refuse(new Error('the store is away'));
  await expect(apply({ ...joining, CTRL_PASSWORD: 'other' })).rejects.toThrow('the store is away');
  expect(await shown()).toMatchObject({ state: 'waiting' });
});

test('a record of that name which a person made is left alone, and the log says so', async () => {
  const { apply, records, read, said, clock, calls } = aProcess();
  const prepared = preparedOf(
    { version: 1, body: { join: false, controller: { address: 'mine:10443' } } },
    clock.now(),
  );
  const data = newMembership(prepared, 's0_x', 'abcdef', clock.now());
  await records.create({ kind: 'join', name: 'default', labels: {}, everySeconds: 300, data }, person);
  const before = await read();
  expect(await apply(joining)).toBe('taken');
  expect(await apply({ CTRL_API_SERVICE: 'neuvector:10443' })).toBe('taken');
  expect(await apply({})).toBe('absent');
  expect(await read()).toEqual(before);
  expect(calls).toEqual([]);
  expect(said[0]).toBe('a membership of this name was made by a person: the settings are passed over');
});

test('a person’s pause stays, whatever becomes of the settings', async () => {
  const { apply, records, shown, clock } = aProcess();
  await apply(joining);
  const pause = (data: MembershipData) => paused(data, null, 'stocktaking', clock.now());
  await records.change('default', 'join', ({ data }) => pause(data), person);
  for (const given of [{ ...joining }, { ...joining, CTRL_PASSWORD: 'other' }, {}, { ...joining }]) {
    await apply(given);
    expect(await shown()).toMatchObject({ state: 'paused', cause: null, message: 'stocktaking' });
  }
});

test('a secret that cannot be read now changes nothing; one that is not there pauses', async () => {
  const { apply, shown, resolve, said } = aProcess();
  const given = { ...joining, CTRL_PASSWORD: 'ssm:/drover/password' };
  resolve.mockImplementation(async (_, text) => text.replace('ssm:/drover/password', 'canary'));
  expect(await apply(given)).toBe('created');
  const values = { setting: 'CTRL_PASSWORD', place: 'ssm:/drover/password', reason: 'TimeoutError' };
  resolve.mockRejectedValue(referenceError('REFERENCE_UNANSWERED', values));
  expect(await apply(given)).toBe('unanswered');
  expect(await shown()).toMatchObject({ state: 'waiting' });
  expect(said).toEqual(['a secret of the settings cannot be read now']);
  resolve.mockImplementation(async (setting, text) => {
    if (setting === 'CTRL_PASSWORD') throw referenceError('REFERENCE_NOT_FOUND', values);
    return text;
  });
  expect(await apply(given)).toBe('paused');
  expect((await shown()).message).toContain('CTRL_PASSWORD names ssm:/drover/password, which is not there.');
});

test('a secret that changed where it lies is taken up, although the environment is as it was', async () => {
  const { apply, read, resolve } = aProcess();
  const given = { ...joining, CTRL_PASSWORD: 'file:/run/secrets/password' };
  let secret = 'canary';
  resolve.mockImplementation(async (_, text) => (text.startsWith('file:') ? secret : text));
  await apply(given);
  expect(await apply(given)).toBe('unchanged');
  secret = 'canary 2';
  expect(await apply(given)).toBe('changed');
  expect((await read())!.data.secretVersion).toBe(2);
});

test('two that begin at once make one', async () => {
  const first = aProcess();
  const second = aProcess(first);
  expect((await Promise.all([first.apply(joining), second.apply(joining)])).sort()).toEqual([
    'created',
    'taken',
  ]);
  expect(await second.apply(joining)).toBe('unchanged');
});

test('a mistake in what is said of the join harms no metrics: the controller is reached as ever', async () => {
  const { apply, read, shown, calls } = aProcess();
  const wrong = { ...joining, JOINT_REST_PORT: 'x' };
  expect(await apply(wrong)).toBe('paused');
  expect(await shown()).toMatchObject({ state: 'paused', cause: 'SETTINGS_INCOMPLETE', join: false });
  expect(calls).toMatchObject([{ version: 1, body: { join: false } }]);
  expect(await apply(wrong)).toBe('paused');
  expect(await apply({ ...wrong, CTRL_PASSWORD: 'canary 2' })).toBe('paused');
  expect((await read())!.data).toMatchObject({ secretVersion: 2, state: { is: 'paused' } });
  expect(calls).toHaveLength(2);
  expect(await apply({ ...joining, CTRL_PASSWORD: 'canary 2' })).toBe('changed');
  expect(await shown()).toMatchObject({ state: 'waiting', cause: null, join: true });
});

test('a joined one whose settings go wrong keeps what was wanted of it, until they are whole again', async () => {
  const { apply, read, calls } = aProcess();
  await apply(joining);
  const { wish } = (await read())!.data;
  expect(await apply({ ...joining, PAAS_STORE_ID: 'no store' })).toBe('paused');
  expect((await read())!.data).toMatchObject({ wish, state: { is: 'paused' } });
  expect(calls.at(-1)!.body.join).toBe(false);
  expect(await apply({ ...joining })).toBe('changed');
  expect((await read())!.data).toMatchObject({ state: { is: 'waiting' } });
});
