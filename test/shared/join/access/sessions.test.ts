import { describe, expect, test } from 'vitest';
import { hour, minute } from '#time';
import { aHouse, aScrape, aStep, asAdmin, ask, withKey } from './aHouse.ts';

describe('a session', () => {
  test('is opened once for whoever asks, in whatever process, side by side too', async () => {
    const { aProcess, member, account } = await aHouse();
    const [one, two] = [aProcess(), aProcess()];
    const row = await member(asAdmin());
    const other = await member(asAdmin(), 'mem_2');
    const statuses = await Promise.all([
      ask(one, row),
      ask(one, other),
      ask(two, row),
      ask(two, other, aScrape()),
    ]);
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(await ask(aProcess(), row)).toBe(200);
    expect(account()).toMatchObject({ done: 1, refused: 0, sessions: 1 });
  });

  test('that is over is replaced once, and what was asked with it is asked again', async () => {
    const { aProcess, member, account, controller } = await aHouse();
    const access = aProcess();
    const row = await member(asAdmin());
    await ask(access, row);
    controller.controller.accounts.closeAllOf('admin');
    const statuses = await access.controller(row, aStep(), ({ way, pass }) =>
      Promise.all(
        ['/v1/fed/member', '/v1/host', '/v1/enforcer'].map(
          async (path) => (await way.send({ path }, pass)).status,
        ),
      ),
    );
    expect(statuses).toEqual([200, 200, 200]);
    expect(account()).toMatchObject({ done: 2, refused: 0, sessions: 1 });
  });

  test('that is called over time and again leaves none behind, of which a user may have 32', async () => {
    const { aProcess, member, account, controller } = await aHouse();
    const access = aProcess();
    const row = await member(asAdmin());
    const on = { path: '/v1/fed/member' };
    await controller.rest.switchOn({ kind: 'neuvector', status: 401, code: 3, on });
    for (let n = 0; n < 4; n++) expect(await ask(access, row, aScrape())).toBe(401);
    expect(account().sessions).toBe(1);
  });

  test('is ended when a step ends that alone used it, and stays where a scrape used it lately', async () => {
    const { aProcess, member, account, clock } = await aHouse();
    const access = aProcess();
    const row = await member(asAdmin());
    await ask(access, row);
    await access.leaveIdle(row, aStep());
    expect(account().sessions).toBe(0);
    await ask(access, row, aScrape());
    await access.leaveIdle(row, aStep());
    expect(account().sessions).toBe(1);
    clock.push(2 * minute + 1);
    await access.leaveIdle(row, aStep());
    expect(account()).toMatchObject({ done: 2, sessions: 0 });
  });

  test('is not opened with an API key', async () => {
    const { aProcess, member, account } = await aHouse();
    expect(await ask(aProcess(), await member(withKey()))).toBe(200);
    expect(account()).toMatchObject({ done: 0, sessions: 0 });
  });
});

describe('a password that was refused', () => {
  test('is not sent again, by nobody, until it is another', async () => {
    const { aProcess, member, account } = await aHouse();
    const wrong = asAdmin('not-the-password');
    const [row, other] = [await member(wrong), await member(wrong, 'mem_2')];
    for (const one of [row, other, row]) {
      await expect(ask(aProcess(), one)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    }
    expect(account()).toMatchObject({ refused: 1 });
    expect(await ask(aProcess(), await member(asAdmin(), 'mem_1', 2))).toBe(200);
  });

  test('may be sent once more by a person, an hour after the last try', async () => {
    const { aProcess, member, account, clock } = await aHouse();
    const access = aProcess();
    const row = await member(asAdmin('not-the-password'));
    await expect(ask(access, row)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    await expect(access.forgive(row, aStep())).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    clock.push(hour + 5 * minute);
    await access.forgive(row, aStep());
    await expect(ask(access, row)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    await expect(ask(access, row)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    expect(account()).toMatchObject({ refused: 2, isBlocked: false });
  });

  test('is counted with others: three in a row, and nobody tries any more', async () => {
    const { aProcess, member, account } = await aHouse();
    const access = aProcess();
    for (const n of [1, 2, 3]) {
      const row = await member(asAdmin(`wrong-${n}`), `mem_${n}`);
      await expect(ask(access, row)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
    }
    const row = await member(asAdmin(), 'mem_4');
    await expect(ask(access, row)).rejects.toMatchObject({ code: 'SIGN_IN_HELD' });
    expect(account()).toMatchObject({ refused: 3, isBlocked: false });
  });
});
