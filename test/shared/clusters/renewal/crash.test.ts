import { expect, test } from 'vitest';
import { readSlot } from '#reconcile';
import { MemoryTable, type Table } from '#store';
import { hour, minute } from '#time';
import { cutAt } from '../../../fixtures/cutTable.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { aGrantingCluster, aHerd, tokenBody, usualLife } from '../aHerd.ts';

/**
 * A worker that ends at any of its writes while a token is renewed, before the write or after it took effect: another
 * takes the cluster up, and what its row names is a token that the cluster accepts.
 */
test.each([
  ['before', false],
  ['after', true],
])('a renewal that is cut %s any of its writes ends with a token that is good', async (_, isAfter) => {
  const clock = new SteppedClock(Date.now());
  const { server, token, accepts } = await aGrantingCluster(clock, 'watch', 'rotation');
  const outcomes: number[] = [];
  for (let write = 1, isCut = true; isCut; write++) {
    const table = new MemoryTable(() => clock.now());
    const herd = aHerd({ clock, table });
    const id = await herd.register('paris', tokenBody(server, await token(usualLife)));
    await clock.step(30 * hour);
    await herd.worker.engine.wake(id);

    let done = 0;
    const counted = new Proxy(cutAt(table, write, isAfter), {
      get(target, name: keyof Table) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        const call = method.bind(target) as (...given: unknown[]) => Promise<unknown>;
        if (!['put', 'update', 'delete'].includes(name)) return call;
        return (...given: unknown[]) => {
          done++;
          return call(...given);
        };
      },
    });
    const dying = aHerd({ clock, table: counted, vault: herd.vault });
    await dying.step(id).catch(() => undefined);
    isCut = done >= write;

    // Its lease runs out; another comes.
    const other = aHerd({ clock, table, vault: herd.vault });
    await other.later(id, minute);
    const data = await other.later(id, 10 * minute);
    const { version } = data.access.credential;
    const { sealed } = (await readSlot(table, id, data.slot)) as { sealed: string };
    const opened = JSON.parse(String(await herd.vault.open(sealed, { area: 'clusters', id, version })));
    expect(data).toMatchObject({ state: { is: 'healthy' }, renewal: null });
    expect(version, `cut at write ${write}`).toBeGreaterThan(1);
    expect(await accepts(opened.credential.token)).toBe(true);
    const slots = await table.get({ pk: `side#${id}`, sk: 'slots' });
    expect(Object.keys(slots!).filter((name) => /^s\d/.test(name))).toEqual([data.slot]);
    outcomes.push(version);
    await dying.worker.close();
    await other.worker.close();
  }
  // Of a crash late enough there is one renewal; none makes more than two.
  expect(Math.max(...outcomes)).toBeLessThanOrEqual(3);
  expect(outcomes.length).toBeGreaterThan(4);
});
