import { expect, test } from 'vitest';
import type { SignedIn } from '#neuvector';
import { act, type Hands } from '../../../shared/join/act.ts';
import { aMembership, aRow, token } from './aMembership.ts';

/** A controller with that role is to join: what it is asked, and what came of it. */
async function joinAt(role: string) {
  const asked: string[] = [];
  const controller: SignedIn = {
    pass: { kind: 'apiKey', name: 'a', secret: 'b' },
    way: {
      place: 'nv',
      async send({ method = 'GET', path }) {
        asked.push(`${method} ${path}`);
        const body = method === 'GET' ? JSON.stringify({ fed_role: role, joint_clusters: [] }) : '';
        return { status: 200, headers: {}, body: Buffer.from(body) };
      },
      stream: () => Promise.reject(new Error('not asked for')),
      close: async () => undefined,
    },
  };
  const hands = {
    access: {
      controller: (_row: unknown, _visit: unknown, use: (who: SignedIn) => unknown) => use(controller),
    },
    tokens: { of: async () => ({ ...token, text: 'a-token', ticket: 'a-ticket' }) },
    meter: { count: () => undefined },
    log: { info: () => undefined, warn: () => undefined },
  } as unknown as Hands;
  const context = { signal: new AbortController().signal } as Parameters<typeof act>[3];
  const did = await act(hands, aRow(aMembership()), { do: 'join' }, context);
  return { asked, outcome: did.did === 'joined' && did.outcome };
}

test('a join goes to a controller that is in no federation', async () => {
  const { asked, outcome } = await joinAt('');
  expect(asked).toEqual(['GET /v1/fed/member', 'POST /v1/fed/join']);
  expect(outcome).toEqual({ is: 'done' });
});

test('none goes to one that somebody else has brought into one meanwhile: its list tells the rest', async () => {
  const { asked, outcome } = await joinAt('joint');
  expect(asked).toEqual(['GET /v1/fed/member']);
  expect(outcome).toMatchObject({ is: 'failed', reaction: 'look', cause: { code: 'JOIN_NOT_NOW' } });
});
