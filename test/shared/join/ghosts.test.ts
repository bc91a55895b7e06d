import { expect, test } from 'vitest';
import type { SignedIn } from '#neuvector';
import type { Access } from '../../../shared/join/access/access.ts';
import { act, type Hands } from '../../../shared/join/act.ts';
import type { Action, MembershipData, Wish } from '../../../shared/join/model.ts';
import { aMember, aMembership, aRow, withPrimary } from './aMembership.ts';

const address = { server: 'cn-wukong-ru2204a.mcd.store', port: 443 };
const entry = (given: object) => ({
  id: 'id7',
  name: 'u2204a-abc123',
  status: 'left',
  rest_info: address,
  ...given,
});

/** What is found, and which entries are dismissed, by a cluster that is in no federation. */
async function look(
  entries: object[],
  given: Partial<MembershipData> = {},
  action: Action = { do: 'clearGhost' },
  wish: Partial<Wish> = {},
) {
  const dismissed: string[] = [];
  const answering = (answer: object): SignedIn => ({
    pass: { kind: 'apiKey', name: 'a', secret: 'b' },
    way: {
      place: 'nv',
      async send({ method = 'GET', path }) {
        if (method === 'DELETE') dismissed.push(path.split('/').at(-1)!);
        return {
          status: 200,
          headers: {},
          body: Buffer.from(method === 'GET' ? JSON.stringify(answer) : ''),
        };
      },
      stream: () => Promise.reject(new Error('not asked for')),
      close: async () => undefined,
    },
  });
  const access = {
    controller: (_row, _visit, use) => use(answering({ fed_role: '', joint_clusters: null })),
    primary: (_row, _visit, use) => use(answering({ fed_role: 'master', joint_clusters: entries })),
  } satisfies Partial<Access> as Partial<Access> as Access;
  const hands = { access, meter: { count: () => undefined } } as unknown as Hands;
  const row = aRow(aMembership(given, { primary: withPrimary, ...wish }));
  const context = { signal: new AbortController().signal } as Parameters<typeof act>[3];
  const did = await act(hands, row, action, context);
  return { found: did.did === 'clearedGhost' && did.found, dismissed };
}

test('with the contract "master" a leave dismisses our own entry at the primary, and never another’s of our name', async () => {
  const leave = { do: 'leave', force: false } as const;
  const direct = { contract: 'master', advertise: { server: 'own.example', port: 8443 } } as const;
  const own = entry({ status: 'synced', rest_info: { server: 'own.example', port: 8443 } });
  expect(await look([entry({ name: 'b' }), own], {}, leave, direct)).toMatchObject({ dismissed: ['id7'] });
  expect(await look([entry({})], {}, leave, direct)).toMatchObject({ dismissed: [] });
});

test.each(['left', 'disconnected', 'joined', 'kicked', ''])(
  'an entry of our name and address that is %s is nobody',
  async (status) => {
    expect(await look([entry({ status })])).toEqual({ found: 'cleared', dismissed: ['id7'] });
  },
);

test.each(['synced', 'out_of_sync', 'syncing', 'connected'])(
  'one that is %s has somebody behind it: two clusters may have one name and one address by mistake',
  async (status) => {
    expect(await look([entry({ status })])).toEqual({ found: 'none', dismissed: [] });
  },
);

test('what we were ourselves is dismissed however it is called', async () => {
  const own = entry({ status: 'synced', id: aMember().id });
  expect(await look([own], { member: aMember() })).toEqual({ found: 'cleared', dismissed: ['id1'] });
});

test('another’s name is another’s, and what stands at our address and does not answer goes', async () => {
  const elsewhere = { server: 'other.example', port: 443 };
  expect(await look([entry({ rest_info: elsewhere })])).toEqual({ found: 'alive', dismissed: [] });
  const [old, living] = [
    entry({ name: 'old', id: 'id8' }),
    entry({ name: 'b', id: 'id9', status: 'synced' }),
  ];
  expect(await look([old, living])).toEqual({ found: 'cleared', dismissed: ['id8'] });
});
