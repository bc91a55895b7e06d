import { describe, expect, test } from 'vitest';
import { decodeJoinToken, fedMembers, signIn, type Way } from '#neuvector';

const saying = (answer: object): Way => ({
  place: 'nv:10443',
  send: async () => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }),
  stream: () => Promise.reject(new Error('not asked for')),
  close: async () => undefined,
});
const pass = { kind: 'apiKey', name: 'drover', secret: 's3cret' } as const;
const long = 'x'.repeat(100_000);

describe('what a controller says at length', () => {
  test('of clusters is cut, and goes into no label or line as it came', async () => {
    const cluster = {
      id: long,
      name: `a\u0000b\n${long}`,
      status: long,
      rest_info: { server: long, port: 1 },
    };
    const said = { fed_role: 'joint', master_cluster: cluster, joint_clusters: [cluster] };
    const { members, primary } = await fedMembers({ way: saying(said), pass });
    expect(members[0]).toEqual(primary);
    expect(primary?.name).toMatch(/^a b x+$/);
    expect(primary?.restInfo).toBeNull();
    expect(JSON.stringify(primary).length).toBeLessThan(600);
  });

  test('in millions of clusters is none: looking at each would take the memory of all', async () => {
    const way = saying({ fed_role: 'master', joint_clusters: Array(20_001).fill({}) });
    await expect(fedMembers({ way, pass })).rejects.toMatchObject({ code: 'NOT_NEUVECTOR' });
    const many = saying({ fed_role: 'master', joint_clusters: Array(20_000).fill({}) });
    expect((await fedMembers({ way: many, pass })).members).toHaveLength(20_000);
  });

  test('in place of a session is none', async () => {
    const way = saying({ token: { token: long } });
    await expect(signIn(way, { username: 'admin', password: 'pw' })).rejects.toMatchObject({
      code: 'NOT_NEUVECTOR',
    });
  });
});

test.each([long, 'a b', 'a\nb', 'a\u0000'])('a token whose server is no host has no address (%#)', (s) => {
  const token = Buffer.from(JSON.stringify({ s, p: 1, t: 'ticket' })).toString('base64');
  expect(() => decodeJoinToken(token)).toThrow('JOIN_TOKEN_WITHOUT_ADDRESS');
});
