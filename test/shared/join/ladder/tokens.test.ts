import { describe, expect, test } from 'vitest';
import type { Net } from '#net';
import { encodeJoinToken } from '#neuvector';
import { minute } from '#time';
import { aStep, withKey } from '../access/aHouse.ts';
import { aClimb } from './aClimb.ts';

/** An address that hands out a new token each time. */
function anAddress(wrap = (token: string) => JSON.stringify({ context: token })) {
  const asked: string[] = [];
  const net = {
    send: async (_: string, { url }: { url: string }) => {
      asked.push(url);
      const token = encodeJoinToken({ server: 'p.example', port: 11443, ticket: `ticket-${asked.length}` });
      return { status: 200, headers: {}, body: Buffer.from(wrap(token)) };
    },
  } as unknown as Net;
  return { net, asked };
}

const tokenUrl = 'https://tokens.example/next';
const byUrl = { tokenGivenAt: null, tokenUrl };

describe('a join token', () => {
  test('that was given is taken before one that can be fetched', async () => {
    const { aRow, partsWith } = await aClimb();
    const { net, asked } = anAddress();
    const { tokens } = partsWith({ net });
    const row = await aRow({ wish: { tokenUrl } });
    expect(await tokens.of(row, aStep())).toMatchObject({ from: 'given', at: row.data.wish!.tokenGivenAt });
    expect(asked).toEqual([]);
  });

  test('that was refused is not taken again: the next comes from elsewhere', async () => {
    const { aRow, partsWith } = await aClimb();
    const { net } = anAddress();
    const { tokens } = partsWith({ net });
    const row = await aRow({ wish: { tokenUrl } });
    expect((await tokens.of(row, aStep(), { anew: true })).from).toBe('url');
    // As the record says it, in another process.
    const renewed = { ...row, data: { ...row.data, isTokenRenewed: true } };
    expect((await partsWith({ net }).tokens.of(renewed, aStep())).from).toBe('url');
  });

  test('that was refused and the only one is told so', async () => {
    const { aRow, partsWith } = await aClimb();
    const { tokens } = partsWith();
    const row = await aRow();
    await expect(tokens.of(row, aStep(), { anew: true })).rejects.toMatchObject({ code: 'JOIN_TOKEN_SPENT' });
    const without = await aRow({ wish: { tokenGivenAt: null } });
    await expect(tokens.of(without, aStep())).rejects.toMatchObject({ code: 'JOIN_TOKEN_NONE' });
  });

  test('that was fetched is sent as it was judged, while it is young', async () => {
    const { aRow, partsWith, clock } = await aClimb();
    const { net, asked } = anAddress();
    const { tokens } = partsWith({ net });
    const row = await aRow({ wish: byUrl });
    const first = await tokens.of(row, aStep());
    expect(first).toMatchObject({ from: 'url', server: 'p.example', ticket: 'ticket-1' });
    expect(await tokens.of(row, aStep())).toEqual(first);
    clock.push(29 * minute);
    expect(await tokens.of(row, aStep())).toEqual(first);
    clock.push(2 * minute);
    expect((await tokens.of(row, aStep())).ticket).toBe('ticket-2');
    expect((await tokens.of(row, aStep(), { anew: true })).ticket).toBe('ticket-3');
    expect((await tokens.of(row, aStep())).ticket).toBe('ticket-3');
    const moved = { ...row, data: { ...row.data, wish: { ...row.data.wish!, tokenUrl: `${tokenUrl}2` } } };
    expect((await tokens.of(moved, aStep())).ticket).toBe('ticket-4');
    expect(asked.at(-1)).toBe(`${tokenUrl}2`);
  });

  test('is not another membership’s', async () => {
    const { aRow, partsWith } = await aClimb();
    const { net } = anAddress();
    const { tokens } = partsWith({ net });
    const [one, other] = [await aRow({ wish: byUrl }), await aRow({ wish: byUrl })];
    expect((await tokens.of(one, aStep())).ticket).toBe('ticket-1');
    expect((await tokens.of(other, aStep())).ticket).toBe('ticket-2');
  });

  test.each([
    ['JSON with join_token', (token: string) => JSON.stringify({ join_token: token })],
    ['the token alone', (token: string) => `${token}\n`],
  ])('is read from %s', async (_, wrap) => {
    const { aRow, partsWith } = await aClimb();
    const { tokens } = partsWith({ net: anAddress(wrap).net });
    expect((await tokens.of(await aRow({ wish: byUrl }), aStep())).ticket).toBe('ticket-1');
  });

  test('of the primary is made once for several looks', async () => {
    const { aRow, partsWith, primary } = await aClimb();
    const { tokens } = partsWith();
    const row = await aRow({
      wish: { tokenGivenAt: null },
      primaryCredential: withKey('s3cret', 'fed'),
    });
    const made = await tokens.of(row, aStep());
    await primary.rest.switchOn({ kind: 'refused' });
    expect(await tokens.of(row, aStep())).toEqual(made);
    expect(made).toMatchObject({ from: 'primary', server: '127.0.0.1', port: primary.federation.port });
  });
});
