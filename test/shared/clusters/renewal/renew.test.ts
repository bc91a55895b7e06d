import { describe, expect, test } from 'vitest';
import { readSlot } from '#reconcile';
import { hour, minute } from '#time';
import { readClaims } from '../../../../shared/clusters/credential/jwt.ts';
import type { ClusterData } from '../../../../shared/clusters/model.ts';
import { reconnected, type Usable } from '../../../../shared/clusters/wishes.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { account, aGrantingCluster, aHerd, tokenBody, usualLife } from '../aHerd.ts';

const subject = `system:serviceaccount:${account.namespace}:${account.name}`;

async function aRegistered({ seconds = usualLife, audiences = undefined as string[] | undefined } = {}) {
  const clock = new SteppedClock(Date.now());
  const there = await aGrantingCluster(clock, 'watch', 'rotation');
  const herd = aHerd({ clock });
  const first = await there.token(seconds, audiences);
  const id = await herd.register('paris', tokenBody(there.server, first));
  const tokenOf = async (data: ClusterData) => {
    const value = await readSlot(herd.table, id, data.slot);
    const { version } = data.access.credential;
    const opened = await herd.vault.open(String(value?.sealed), { area: 'clusters', id, version });
    return JSON.parse(opened.toString()).credential.token as string;
  };
  return { ...there, ...herd, clock, id, first, tokenOf };
}

describe('a bound token', () => {
  test('is renewed at half of its life: a new one, proved, in a slot of its own', async () => {
    const { id, dataOf, later, tokenOf, first, accepts, clock, asked, tokenPath } = await aRegistered();
    const before = await dataOf(id);
    expect((await later(id, 23 * hour)).access.credential.version).toBe(1);
    expect(asked).not.toContain(`POST ${tokenPath}`);
    const after = await later(id, 7 * hour);
    expect(after).toMatchObject({
      state: { is: 'healthy' },
      renewal: null,
      access: {
        server: before.access.server,
        credential: {
          type: 'token',
          version: 2,
          subject,
          serviceAccount: account,
          rotatedAt: expect.any(Number),
        },
      },
    });
    expect(after.slot).not.toBe(before.slot);
    const token = await tokenOf(after);
    expect(token).not.toBe(first);
    expect(await accepts(token)).toBe(true);
    const { expiresAt, issuedAt, fingerprint } = after.access.credential;
    expect(expiresAt! - clock.now()).toBeGreaterThan(47 * hour);
    expect(after.expiries).toContainEqual({ of: 'token', subject, at: expiresAt });
    expect(issuedAt).toBeGreaterThan(before.access.credential.issuedAt!);
    expect(fingerprint).not.toBe(before.access.credential.fingerprint);
    // What was asked with the new one comes after it was asked for.
    expect(asked.indexOf(`POST ${tokenPath}`)).toBeLessThan(
      asked.lastIndexOf('POST /apis/authentication.k8s.io/v1/selfsubjectreviews'),
    );
  });

  test('is renewed again and again, so that the cluster stays reachable past its first end', async () => {
    const { id, later, tokenOf, accepts, first, table } = await aRegistered();
    for (let i = 0; i < 10; i++) await later(id, 15 * hour);
    const data = await later(id, minute);
    expect(data).toMatchObject({ state: { is: 'healthy' } });
    expect(data.access.credential.version).toBeGreaterThan(4);
    expect(await accepts(first)).toBe(false);
    expect(await accepts(await tokenOf(data))).toBe(true);
    const slots = await table.get({ pk: `side#${id}`, sk: 'slots' });
    expect(Object.keys(slots!).filter((name) => /^s\d/.test(name))).toEqual([data.slot]);
  });

  test('keeps its audiences', async () => {
    const issuer = 'https://kubernetes.default.svc.cluster.local';
    const { id, later, tokenOf } = await aRegistered({ audiences: [issuer, 'a-gateway'] });
    const said = readClaims(await tokenOf(await later(id, 30 * hour)));
    expect(said).toMatchObject({ form: 'jwt', claims: { aud: [issuer, 'a-gateway'] } });
  });

  test('follows what the server grants, where that is less than was wished for', async () => {
    const { id, later, world, tokenPath, clock } = await aRegistered();
    world.intercept = async (request, answer) => {
      if (request.path !== tokenPath) return answer();
      const wish = JSON.parse(Buffer.from(request.body).toString());
      wish.spec.expirationSeconds = 3_600;
      request.body = Buffer.from(JSON.stringify(wish));
      return answer();
    };
    const data = await later(id, 30 * hour);
    expect(data.access.credential.expiresAt! - clock.now()).toBeLessThanOrEqual(hour);
    const next = await later(id, 40 * minute);
    expect(next.access.credential.version).toBe(data.access.credential.version + 1);
  });
});

test.each(['given', 'refused'])(
  'a renewal that is %s while the cluster is moved leaves what was stored meanwhile',
  async (what) => {
    const { id, first, later, world, tokenPath, clock, worker, records, tokenOf } = await aRegistered();
    const elsewhere = await aGrantingCluster(clock, 'watch', 'rotation');
    const second = await elsewhere.token(usualLife);
    const reached: unknown[] = [];
    elsewhere.world.intercept = (request, answer) => {
      reached.push(request.headers.authorization);
      return answer();
    };
    const move = async () => {
      const body = tokenBody(elsewhere.server, second);
      const call = { do: 'prepare', id, of: id, version: 2, body, unchecked: true } as const;
      const prepared = (await worker.answer(call)) as unknown as Usable;
      const by = { actor: { kind: 'system', id: 'test', name: 'test' }, action: 'cluster.update' } as const;
      await records.change(
        id,
        'cluster',
        ({ data }) => ({
          data: reconnected(data as ClusterData, prepared, ''),
          secret: { value: prepared.secret, into: (next, slot) => ({ ...(next as ClusterData), slot }) },
        }),
        by,
      );
    };
    world.intercept = async (request, answer) => {
      if (request.path !== tokenPath) return answer();
      await move();
      const answered = await answer();
      return what === 'given' ? answered : { ...answered, status: 500 };
    };
    const after = await later(id, 30 * hour);
    expect(after).toMatchObject({
      renewal: null,
      access: { server: elsewhere.server, credential: { version: 2 } },
    });
    expect(await tokenOf(after)).toBe(second);
    expect(new Set(reached)).toEqual(new Set([`Bearer ${second}`]));
    expect(first).not.toBe(second);
  },
);

describe('a renewal that comes to nothing', () => {
  test.each([
    ['the permission is missing', 403, 'PERMISSION_MISSING'],
    ['the account is gone', 404, 'OBJECT_NOT_FOUND'],
    ['the server is overloaded', 429, 'THROTTLED'],
    ['its answer is lost', 500, 'HTTP_5XX'],
  ])('says why where %s, leaves the old token, and is tried again', async (_, status, code) => {
    const { id, later, world, tokenPath, first, tokenOf, accepts } = await aRegistered();
    world.intercept = async (request, answer) => {
      if (request.path !== tokenPath) return answer();
      // Made, and told to nobody.
      await answer();
      const message =
        status === 403
          ? `serviceaccounts "drover" is forbidden: User "${subject}" cannot create resource "serviceaccounts/token" in API group "" in the namespace "drover-system"`
          : 'no';
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status };
      return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    };
    const failed = await later(id, 30 * hour);
    expect(failed).toMatchObject({
      state: { is: 'healthy' },
      renewal: { attempt: 1, cause: { code } },
      access: { credential: { version: 1 } },
    });
    expect(await tokenOf(failed)).toBe(first);
    world.intercept = undefined;
    expect((await later(id, 4 * minute)).access.credential.version).toBe(1);
    const renewed = await later(id, 2 * minute);
    expect(renewed).toMatchObject({ renewal: null, access: { credential: { version: 2 } } });
    expect(await accepts(await tokenOf(renewed))).toBe(true);
  });

  test('a token that is over at once is not taken', async () => {
    const { id, later, world, tokenPath, clock } = await aRegistered();
    world.intercept = async (request, answer) => {
      const { body, ...more } = await answer();
      if (request.path !== tokenPath) return { body, ...more };
      const given = JSON.parse(String(body));
      given.status.expirationTimestamp = new Date(clock.now() + 9 * minute).toISOString();
      return { ...more, body: JSON.stringify(given) };
    };
    expect(await later(id, 30 * hour)).toMatchObject({
      renewal: { cause: { code: 'RENEWAL_TOO_SHORT', values: { minutes: 9 } } },
      access: { credential: { version: 1 } },
    });
  });

  test('a token that is larger than any is not taken', async () => {
    const { id, later, world, tokenPath } = await aRegistered();
    world.intercept = async (request, answer) => {
      const { body, ...more } = await answer();
      if (request.path !== tokenPath) return { body, ...more };
      const given = JSON.parse(String(body));
      given.status.token = 'x'.repeat(500_000);
      return { ...more, body: JSON.stringify(given) };
    };
    expect(await later(id, 30 * hour)).toMatchObject({
      renewal: { cause: { code: 'TOKEN_INVALID' } },
      access: { credential: { version: 1 } },
    });
  });

  test('a token of somebody else is not taken', async () => {
    const { id, later, world } = await aRegistered();
    world.intercept = async (request, answer) => {
      const { body, ...more } = await answer();
      if (!request.path.endsWith('/selfsubjectreviews')) return { body, ...more };
      return { ...more, body: String(body).replaceAll(subject, 'system:serviceaccount:other:one') };
    };
    expect(await later(id, 30 * hour)).toMatchObject({
      renewal: { cause: { code: 'RENEWAL_OTHER_USER', values: { expected: subject } } },
      access: { credential: { version: 1 } },
    });
  });

  test('a token that the cluster refuses at once is not taken', async () => {
    const { id, later, world, first } = await aRegistered();
    world.intercept = async (request, answer) => {
      const isNew = request.headers.authorization !== `Bearer ${first}`;
      if (!isNew) return answer();
      const body = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        message: 'Unauthorized',
        code: 401,
      };
      return { status: 401, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    };
    expect(await later(id, 30 * hour)).toMatchObject({
      state: { is: 'healthy' },
      renewal: { cause: { code: 'AUTH_REJECTED' } },
      access: { credential: { version: 1 } },
    });
  });

  test('on a cluster too old to say who we are, is none: to be let ask is proof enough', async () => {
    const { id, later, world, tokenOf, accepts } = await aRegistered();
    world.intercept = async (request, answer) => {
      if (!request.path.endsWith('/selfsubjectreviews')) return answer();
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'not found', code: 404 };
      return { status: 404, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    };
    const data = await later(id, 30 * hour);
    expect(data.access.credential.version).toBe(2);
    expect(await accepts(await tokenOf(data))).toBe(true);
  });
});
