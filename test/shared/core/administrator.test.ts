import { beforeEach, describe, expect, test } from 'vitest';
import { answerCoreCall, ensureAdministrator } from '#core';
import { anApp, type TestApp } from '../../functions/http/anApp.ts';

let world: TestApp;
const parts = () => ({ ...world.ports, core: world.core.records });
const who = async (token: string) => (await world.call(token, 'GET', '/api/v1/whoami')).body;

beforeEach(() => {
  world = anApp();
});

describe('the first administrator', () => {
  test('is made where there is none, and is let in', async () => {
    const made = await ensureAdministrator(parts(), undefined);
    expect(made.isNew).toBe(true);
    expect(await who(made.text)).toMatchObject({ name: 'administrator', role: 'admin' });
  });

  test('is left as it is where its token is known and works', async () => {
    const made = await ensureAdministrator(parts(), undefined);
    const { version } = (await world.core.records.get(made.id, 'token'))!;
    expect(await ensureAdministrator(parts(), made.text)).toEqual({ ...made, isNew: false });
    expect((await world.core.records.get(made.id, 'token'))!.version).toBe(version);
  });

  test.each([undefined, '', 'garbage', `drv_${'0'.repeat(61)}`])(
    'is given a new token where what is known is %s; the lost one ends at once',
    async (known) => {
      const made = await ensureAdministrator(parts(), undefined);
      const again = await ensureAdministrator(parts(), known);
      expect(again).toMatchObject({ id: made.id, isNew: true });
      expect(await who(again.text)).toMatchObject({ role: 'admin' });
      expect(await who(made.text)).toMatchObject({ code: 'TOKEN_REFUSED' });
    },
  );

  test('is one, also where its name was given to a lesser token', async () => {
    const made = await ensureAdministrator(parts(), undefined);
    await world.call(made.text, 'DELETE', '/api/v1/tokens/administrator?force=true');
    await world.settle();
    const viewer = await world.token('viewer', { name: 'administrator', selector: 'a=b' });
    for (const known of [viewer, undefined]) {
      const again = await ensureAdministrator(parts(), known);
      expect(await who(again.text)).toMatchObject({ role: 'admin', selector: null });
      expect(await who(viewer)).toMatchObject({ code: 'TOKEN_REFUSED' });
    }
  });

  test('is made again where someone deleted it', async () => {
    const made = await ensureAdministrator(parts(), undefined);
    await world.call(made.text, 'DELETE', '/api/v1/tokens/administrator?force=true');
    await world.settle();
    const again = await ensureAdministrator(parts(), made.text);
    expect(again.id).not.toBe(made.id);
    expect(await who(again.text)).toMatchObject({ role: 'admin' });
  });

  test('of two starts at once is one', async () => {
    const [one, other] = await Promise.all([
      ensureAdministrator(parts(), undefined),
      ensureAdministrator(parts(), undefined),
    ]);
    expect(one.id).toBe(other.id);
    const letIn = [await who(one.text), await who(other.text)].filter(({ role }) => role === 'admin');
    expect(letIn).toHaveLength(1);
  });
});

describe('the core worker, asked by who may invoke it', () => {
  test('gives the first administrator’s token out once', async () => {
    const given = (await answerCoreCall({ do: 'firstAdministrator' }, parts())) as { token: string };
    expect(await who(given.token)).toMatchObject({ role: 'admin' });
    await expect(answerCoreCall({ do: 'firstAdministrator' }, parts())).rejects.toMatchObject({
      code: 'ADMINISTRATOR_THERE',
    });
  });

  test('replaces it where it was lost', async () => {
    const lost = (await answerCoreCall({ do: 'firstAdministrator' }, parts())) as { token: string };
    const given = (await answerCoreCall({ do: 'firstAdministrator', replace: true }, parts())) as {
      token: string;
    };
    expect(await who(lost.token)).toMatchObject({ status: 401 });
    expect(await who(given.token)).toMatchObject({ role: 'admin' });
  });

  test('tells the audit trail, without the token', async () => {
    const given = (await answerCoreCall({ do: 'firstAdministrator' }, parts())) as { token: string };
    await world.settle();
    const { body } = await world.call(given.token, 'GET', '/api/v1/audit');
    expect(body.items).toMatchObject([{ action: 'token.create', actor: { kind: 'system', id: 'start' } }]);
    expect(JSON.stringify(body)).not.toContain(given.token.slice(30));
  });

  test.each([{}, { do: 'everything' }, { do: 'constructor' }])(
    'does not do what it does not know: %j',
    async (call) => {
      await expect(answerCoreCall(call, parts())).rejects.toMatchObject({ code: 'CORE_CALL_UNKNOWN' });
    },
  );
});
