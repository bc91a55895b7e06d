import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { minute, second } from '#time';
import type { Scraped } from '../../../../shared/join/calls.ts';
import { type ScrapeParts, scrape } from '../../../../shared/join/scrape/scrape.ts';
import { resultOrTurn } from '../../../../shared/join/scrape/shared.ts';
import { cutAt } from '../../../fixtures/cutTable.ts';
import { aHouse, asAdmin, withKey } from '../access/aHouse.ts';

const textOf = ({ gzip }: Scraped): string => gunzipSync(Buffer.from(gzip, 'base64')).toString('utf8');
const seriesOf = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, 'm').exec(text)?.[1];
const plain = { compat: false };

/** How often the controller was read. */
async function aScraped() {
  const house = await aHouse();
  let collections = 0;
  const aProcess = (over = house.table): ScrapeParts => {
    const access = house.aProcess(over);
    return {
      ...house.parts(over),
      access: {
        controller: (row, visit, use) => {
          collections++;
          return access.controller(row, visit, use);
        },
      },
    };
  };
  return { ...house, aProcess, collections: () => collections };
}

describe('a scrape', () => {
  test('answers the controller’s metrics and what Drover says of them', async () => {
    const { aProcess, member } = await aScraped();
    const text = textOf(await scrape(aProcess(), await member(asAdmin()), plain));
    expect(seriesOf(text, 'nv_summary_services')).toBeDefined();
    expect(seriesOf(text, 'nv_exporter_up')).toBe('1.0');
    expect(text.match(/^nv_exporter_up\{target="(.*)"\}/m)?.[1]).toBe('127.0.0.1');
    expect(Number(seriesOf(text, 'nv_exporter_collection_timestamp_seconds'))).toBeGreaterThan(1e9);
  });

  test('answers nothing of its own beside what the official exporter says', async () => {
    const { aProcess, member } = await aScraped();
    const text = textOf(await scrape(aProcess(), await member(asAdmin()), { compat: true }));
    expect(seriesOf(text, 'nv_summary_services')).toBeDefined();
    expect(text).not.toContain('nv_exporter');
  });

  test('is one for all who ask meanwhile or shortly after, in whatever process', async () => {
    const { aProcess, member, collections, account, clock } = await aScraped();
    const row = await member(asAdmin());
    const [one, two] = [aProcess(), aProcess()];
    const all = await Promise.all([one, two, one, two].map((process) => scrape(process, row, plain)));
    expect(collections()).toBe(1);
    expect(new Set(all.map(({ gzip }) => gzip)).size).toBe(1);
    await scrape(aProcess(), row, plain);
    expect(collections()).toBe(1);
    clock.push(6 * second);
    await scrape(one, row, plain);
    await scrape(two, row, plain);
    expect(collections()).toBe(2);
    expect(account()).toMatchObject({ done: 1, refused: 0, sessions: 1 });
  });

  test('is another with another credential, and in the official exporter’s words', async () => {
    const { aProcess, member, collections } = await aScraped();
    const process = aProcess();
    await scrape(process, await member(asAdmin()), plain);
    await scrape(process, await member(asAdmin()), { compat: true });
    await scrape(process, await member(withKey(), 'mem_1', 2), plain);
    expect(collections()).toBe(3);
  });

  test('of a controller that is not there says so, and is answered all the same', async () => {
    const { aProcess, member, controller } = await aScraped();
    const row = await member(withKey());
    await controller.rest.switchOn({ kind: 'refused' });
    const text = textOf(await scrape(aProcess(), row, plain));
    expect(seriesOf(text, 'nv_exporter_up')).toBe('0.0');
  });

  test('tries no password that was refused, and shows why', async () => {
    const { aProcess, member, account, clock } = await aScraped();
    const row = await member(asAdmin('not-the-password'));
    const process = aProcess();
    for (const failures of ['1.0', '2.0', '3.0']) {
      const text = textOf(await scrape(process, row, plain));
      expect(seriesOf(text, 'nv_exporter_up')).toBe('0.0');
      expect(text).toContain('nv_exporter_error{code="SIGN_IN_REFUSED",target="127.0.0.1"} 1.0');
      expect(seriesOf(text, 'nv_exporter_sign_in_failures_total')).toBe(failures);
      clock.push(minute);
    }
    expect(account()).toMatchObject({ refused: 1 });
  });

  test('is made by another where the process that made it died, wherever that was', async () => {
    const { aProcess, member, clock, table } = await aScraped();
    const row = await member(withKey());
    for (let write = 1; write <= 3; write++) {
      for (const isAfter of [false, true]) {
        await scrape(aProcess(cutAt(table, write, isAfter) as typeof table), row, plain).catch(
          () => undefined,
        );
        clock.push(30 * second);
        const text = textOf(await scrape(aProcess(), row, plain));
        expect(seriesOf(text, 'nv_exporter_up')).toBe('1.0');
        clock.push(30 * second);
      }
    }
  });

  test('is made anew where what was shared is not whole', async () => {
    const { aProcess, member, table, collections } = await aScraped();
    const row = await member(withKey());
    await scrape(aProcess(), row, plain);
    const part = [...table.all()].find(({ sk }) => sk.endsWith('#000'))!;
    await table.put({ ...part, write: 'another' });
    await scrape(aProcess(), row, plain);
    expect(collections()).toBe(2);
  });

  test('of many parts is put together again', async () => {
    const { parts, table } = await aHouse();
    const text = new Uint8Array(700_000).map((_, n) => n % 251);
    const ports = parts(table);
    for (const at of [1, 2, 3]) {
      const turn = await resultOrTurn(ports, 'mem_1', { what: 'plain', slot: 's0_1' }, at);
      if (!('finish' in turn)) throw new Error('It is nobody’s turn.');
      await turn.finish({ text, at }, 0);
      expect(await resultOrTurn(ports, 'mem_1', { what: 'plain', slot: 's0_1' }, at)).toEqual({
        text: Buffer.from(text),
        at,
      });
    }
    const largest = Math.max(
      ...[...table.all()].map(({ data }) => (data instanceof Uint8Array ? data.length : 0)),
    );
    expect(largest).toBe(300_000);
    // In two places by turns, however often.
    expect([...table.all()].filter(({ sk }) => sk.startsWith('scrape#plain#'))).toHaveLength(6);
  });
});
