import diagnostics from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '#kubernetes';
import { createNet } from '#net';
import { systemClock } from '#time';
import { hostile } from '../net/hostile.ts';

let sockets = 0;
const count = () => {
  sockets++;
};
beforeAll(() => diagnostics.subscribe('net.client.socket', count));
afterAll(() => {
  diagnostics.unsubscribe('net.client.socket', count);
});

describe('a cluster whose address may not be dialled is not dialled', () => {
  test.each(hostile.filter(({ policy }) => policy !== 'webhook'))('$url', async ({ url, leadsTo, code }) => {
    const net = createNet({ clock: systemClock, resolve: async () => leadsTo ?? [] });
    const access = { server: url.replaceAll('{port}', '6443'), bearer: () => 'token' };
    await expect(connect({ net, clock: systemClock }, access)).rejects.toMatchObject({ code });
    expect(sockets).toBe(0);
  });
});
