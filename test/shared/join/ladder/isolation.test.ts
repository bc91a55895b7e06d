import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DroverError } from '#errors';
import type { Net } from '#net';
import { netErrors } from '#net/errors';
import { encodeJoinToken, NvRefused, type SignedIn, type Way } from '#neuvector';
import { systemClock } from '#time';
import type { Access } from '../../../../shared/join/access/access.ts';
import { climb } from '../../../../shared/join/ladder/climb.ts';
import { preflight } from '../../../../shared/join/ladder/preflight.ts';
import { SharedMembers } from '../../../../shared/join/ladder/sharedMembers.ts';
import { Tokens } from '../../../../shared/join/ladder/tokens.ts';
import { stages as inOrder } from '../../../../shared/join/model.ts';
import { aStep } from '../access/aHouse.ts';
import { aMembership } from '../access/aMembership.ts';
import { aWish } from './aWish.ts';

fc.configureGlobal({ seed: 1 });

/** Where something is met, and what: a fault of the way, or an answer that is no yes. */
const doors = ['controller', 'member', 'token', 'stranger', 'health', 'primary'] as const;
type Door = (typeof doors)[number];
const fault = fc
  .constantFrom(...Object.keys(netErrors))
  .map((code) => new DroverError(code, netErrors.HTTP_CUT, { host: 'a', port: 1 }));
const refusal = fc
  .record({
    status: fc.integer({ min: 300, max: 599 }),
    code: fc.option(fc.integer({ min: 1, max: 103 }), { nil: null }),
    message: fc.string(),
  })
  .map((given) => new NvRefused(given, 'a:1'));
const met = fc.record({ at: fc.constantFrom(...doors), error: fc.oneof(fault, refusal) });

const credential = { type: 'apiKey', name: 'all', secret: 's3cret' } as const;
const base = aMembership({ sealed: { controller: { credential } }, primary: 'p.example:10443' });
const primary = base.data.wish!.primary!;
const wish = aWish({
  tokenGivenAt: 0,
  primary: { ...primary, credential: { type: 'apiKey', name: 'fed', version: 1, rotatedAt: 0 } },
});
const rowOf = (id: string) => ({ ...base, id, data: { ...base.data, wish } });

const standalone = { fed_role: '', joint_clusters: null };
const asPrimary = {
  fed_role: 'master',
  joint_clusters: [],
  master_cluster: { id: 'p', name: 'p', status: 'active', rest_info: { server: 'p', port: 1 } },
};

/** All is well, but for what the membership `bad` meets. */
function accessWith(given: { at: Door; error: Error }): Access {
  const stumble = (id: string, door: Door): void => {
    if (id === 'bad' && given.at === door) throw given.error;
  };
  const way = (answer: object, before: (path: string) => void): Way => ({
    place: 'a:1',
    send: async ({ path }) => {
      before(path);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
    },
    stream: () => Promise.reject(new Error('nothing is streamed')),
    close: async () => undefined,
  });
  const signedIn = (id: string, door: Door, answer: object): SignedIn => ({
    way: way(answer, () => stumble(id, door)),
    pass: { kind: 'apiKey', name: 'all', secret: 's3cret' },
  });
  let current = '';
  return {
    async controller({ id }, _, use, reached) {
      current = id;
      stumble(id, 'controller');
      reached?.();
      return use(signedIn(id, 'member', standalone));
    },
    primary: async ({ id }, _, use) => use(signedIn(id, 'primary', asPrimary)),
    async stranger() {
      const id = current;
      stumble(id, 'stranger');
      return way({ result: 0 }, () => stumble(id, 'health'));
    },
    async token({ id }) {
      stumble(id, 'token');
      return encodeJoinToken({ server: 'p.example', port: 11443, ticket: 'x' });
    },
    leaveIdle: async () => undefined,
    forgive: async () => undefined,
    close: async () => undefined,
  };
}

const partsOf = (access: Access) => {
  const parts = { access, net: {} as Net, clock: systemClock };
  return { ...parts, tokens: new Tokens(parts), members: new SharedMembers(parts) };
};

test('whatever one membership meets is told of it, is never thrown, and leaves the others alone', async () => {
  await fc.assert(
    fc.asyncProperty(met, async (given) => {
      const parts = partsOf(accessWith(given));
      const bad = await climb(parts, rowOf('bad'), aStep(), { upTo: 'primary' });
      const good = await climb(parts, rowOf('good'), aStep(), { upTo: 'primary' });
      expect(good.stages.map(({ stage, is }) => `${stage} ${is}`)).toEqual([
        ...['settings done', 'controller done', 'session done', 'standalone done'],
        ...['token warning', 'address done', 'primary done'],
      ]);
      const troubled = bad.stages.filter(({ is, cause }) => is === 'failed' || cause !== null);
      expect(troubled.filter(({ stage }) => stage !== 'token').length).toBeLessThanOrEqual(1);
      for (const { is, cause, reaction } of troubled) {
        expect(cause).not.toBeNull();
        expect(reaction !== undefined).toBe(is === 'failed');
      }
    }),
    { numRuns: 300 },
  );
});

test('all ten stages are told in their order, whatever fails, and nothing after what failed', async () => {
  await fc.assert(
    fc.asyncProperty(met, async (given) => {
      const { stages, outcome, failedStage } = await preflight(
        partsOf(accessWith(given)),
        rowOf('bad'),
        aStep(),
      );
      expect(stages.map(({ stage }) => stage)).toEqual(inOrder);
      const failed = stages.findIndex(({ is }) => is === 'failed');
      expect(outcome === 'failed').toBe(failed >= 0);
      expect(failedStage).toBe(stages[failed]?.stage ?? null);
      const after = stages.slice(failed < 0 ? inOrder.indexOf('join') : failed + 1);
      expect(after.every(({ is }) => is === 'waiting')).toBe(true);
    }),
    { numRuns: 300 },
  );
});
