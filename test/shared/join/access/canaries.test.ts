import { expect, test } from 'vitest';
import { minute } from '#time';
import type { Sealed } from '../../../../shared/join/model.ts';
import { scrape } from '../../../../shared/join/scrape/scrape.ts';
import { sightings } from '../../../fixtures/canaries.ts';
import { aHouse, aStep, asAdmin, ask, withKey } from './aHouse.ts';
import { aMembership } from './aMembership.ts';

const canaries = {
  password: 'canary-password-Zq8',
  wrong: 'canary-wrong-Yw2',
  key: 'canary-key-secret-Xv7',
  wrongKey: 'canary-key-wrong-Us4',
  token: 'canary-join-token-Rt6',
};

test('no secret of a membership is stored in the clear, told, or in what is thrown', async () => {
  const users = [{ username: 'admin', password: canaries.password, role: 'admin' as const }];
  const keys = [{ name: 'all', secret: canaries.key, role: 'admin' as const }];
  const { aProcess, parts, member, store, address, table, counted, clock, controller } = await aHouse({
    users,
    keys,
  });
  const access = aProcess();
  const thrown: unknown[] = [];
  const sessions: Record<string, string> = {};
  const rows = [
    await member(asAdmin(canaries.password), 'mem_1'),
    await member(asAdmin(canaries.wrong), 'mem_2'),
    await member(withKey(canaries.key), 'mem_3'),
    await member(withKey(canaries.wrongKey), 'mem_4'),
  ];
  const { ca } = controller;
  const credential = asAdmin(canaries.wrong, 'somebody');
  const sealed: Sealed = {
    controller: { ca, credential },
    primary: { ca, credential },
    token: canaries.token,
  };
  rows.push(await store(aMembership({ id: 'mem_5', address, primary: address, sealed }), sealed));
  const note = (error: unknown) => void thrown.push(error);
  for (const row of rows) {
    await ask(access, row).catch(note);
    await access
      .controller(row, aStep(), async ({ pass }) => {
        if (pass.kind === 'session') sessions[`session of ${row.id}`] = pass.token;
      })
      .catch(note);
    await access.primary(row, aStep(), async () => undefined).catch(note);
    await access.forgive(row, aStep()).catch(note);
    await scrape({ ...parts(table), access }, row, { compat: false }).catch(note);
    clock.push(minute);
  }
  expect(await access.token(rows[4]!, aStep())).toBe(canaries.token);
  controller.controller.accounts.users[0]!.mustReset = true;
  controller.controller.accounts.closeAllOf('admin');
  await ask(access, rows[0]!).catch(note);
  expect(thrown.length).toBeGreaterThan(6);
  expect(Object.keys(sessions)).toHaveLength(1);
  const found = sightings({ ...canaries, ...sessions }, [
    ['the table', [...table.all()]],
    ['what is thrown', thrown],
    ['what is counted', counted],
  ]);
  expect(found).toEqual([]);
});
