import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DroverError } from '#errors';
import { netErrors } from '#net/errors';
import { decodeJoinToken, encodeJoinToken } from '#neuvector';
import { delayAfter } from '#reconcile';
import { second } from '#time';
import { joinBackOff } from '../../../../shared/join/joining.ts';
import { type Call, reactionTo } from '../../../../shared/join/ladder/answers.ts';
import {
  addressOf,
  advertisedOf,
  drawSuffix,
  joinFieldsOf,
  nameOf,
  placeOf,
  primaryOf,
  valuesOf,
} from '../../../../shared/join/ladder/derive.ts';
import { judgeSettings, missingIn } from '../../../../shared/join/ladder/judgeSettings.ts';
import type { Reaction, Wish } from '../../../../shared/join/model.ts';
import { aWish } from './aWish.ts';

/** What the earlier system promised of itself, as properties; the same ones each time. */
fc.configureGlobal({ seed: 1 });

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max });
const storeId = word(1, 20);
const server = fc.oneof(
  fc.array(word(1, 12), { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const port = fc.integer({ min: 1, max: 65_535 });
const place = fc.record({ server, port });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const ticket = fc.base64String({ minLength: 4, maxLength: 120 });
const token = fc.record({ server, port, ticket });
const trust = { ca: null, fingerprint: null, tlsServerName: null };
const credential = { type: 'apiKey', name: 'fed', version: 1, rotatedAt: 0 } as const;

const wish: fc.Arbitrary<Wish> = fc
  .record({
    storeId: maybe(storeId),
    clusterName: maybe(word(1, 30)),
    advertise: fc.record({ server: maybe(server), port: maybe(port) }),
    federation: maybe(place),
    rest: maybe(place),
    hasCredential: fc.boolean(),
    tokenGivenAt: maybe(fc.nat()),
    tokenUrl: maybe(fc.webUrl()),
    contract: fc.constantFrom('controller', 'master'),
  })
  .map(({ federation, rest, hasCredential, ...given }) =>
    aWish({
      ...given,
      primary: {
        federation: federation && addressOf(federation),
        rest: rest && addressOf(rest),
        trust,
        credential: hasCredential ? credential : null,
      },
    }),
  );
const complete = wish.filter((given) => missingIn(given).length === 0);
const suffix = word(6, 6);

test('a join says all that a controller needs, and nothing else', () => {
  fc.assert(
    fc.property(complete, suffix, token, (given, drawn, parts) => {
      const text = encodeJoinToken(parts);
      const { name, token: sent, joint, ...primary } = joinFieldsOf(given, drawn, { ...parts, text });
      expect(name).not.toBe('');
      expect(name).toBeTypeOf('string');
      expect(sent).toBe(text);
      // Left out only where the controller’s own is to count.
      const advertised = advertisedOf(given, null);
      expect(joint).toEqual(advertised && valuesOf(advertised));
      const isTold = given.contract === 'master' || given.primary!.federation !== null;
      expect(primary).toEqual(isTold ? valuesOf(primaryOf(given, parts)!) : {});
    }),
  );
});

test('a name is the store id, a dash and six small letters or digits', () => {
  fc.assert(
    fc.property(storeId, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (id, bytes) => {
      const drawn = drawSuffix((count) => Uint8Array.from(bytes.take(count)));
      const { value } = nameOf({ storeId: id, clusterName: null }, drawn)!;
      expect(value.startsWith(`${id}-`)).toBe(true);
      expect(value.slice(id.length + 1)).toMatch(/^[a-z0-9]{6}$/);
    }),
  );
});

test('what was given beats what was said, and that what is derived', () => {
  fc.assert(
    fc.property(wish, suffix, maybe(place), maybe(place), (given, drawn, said, local) => {
      const { clusterName, advertise, primary } = given;
      if (clusterName !== null) expect(nameOf(given, drawn)!.value).toBe(clusterName);
      const own = advertisedOf(given, local);
      if (advertise.server !== null) {
        expect(own!.server).toEqual({ value: advertise.server, origin: 'given' });
        if (advertise.port !== null) expect(own!.port).toEqual({ value: advertise.port, origin: 'given' });
      }
      const known = primaryOf(given, said);
      if (primary!.federation !== null) {
        expect(addressOf(valuesOf(known!))).toBe(primary!.federation);
      } else if (said) {
        expect(valuesOf(known!)).toEqual(said);
        expect(known!.server.origin).toBe('token');
      }
    }),
  );
});

test('a derived address is made of the store id', () => {
  fc.assert(
    fc.property(storeId, (id) => {
      const derived = `cn-wukong-r${id}.mcd.store`;
      expect(valuesOf(advertisedOf(aWish({ storeId: id }), null)!)).toEqual({ server: derived, port: 443 });
      const primary = primaryOf(aWish({ storeId: id, contract: 'master' }), null)!;
      expect(valuesOf(primary)).toEqual({ server: derived, port: 443 });
      expect(primary.server.origin).toBe('derived');
    }),
  );
});

test('an address that is written can be read', () => {
  fc.assert(
    fc.property(place, (one) => {
      expect(placeOf(addressOf(one))).toEqual(one);
    }),
  );
});

test('a token that is written can be read, however it is wrapped', () => {
  const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t'), maxLength: 3 });
  fc.assert(
    fc.property(token, space, fc.constantFrom('', 'context', 'join_token'), (parts, white, field) => {
      const text = encodeJoinToken(parts);
      const given = field === '' ? `${white}${text}${white}` : JSON.stringify({ [field]: text });
      expect(decodeJoinToken(given)).toEqual(parts);
    }),
  );
});

const calls: Call[] = [
  ...(['signIn', 'member', 'join', 'joinMaster', 'leave', 'joinToken'] as const),
  ...(['removeMember', 'deploy', 'healthcheck', 'jointTest', 'tokenUrl'] as const),
];
const reactions: Reaction[] = [
  ...(['stop', 'retry', 'slowly', 'wait', 'newToken'] as const),
  ...(['look', 'nameTaken', 'force', 'refused', 'signIn'] as const),
];

test('the same answer has the same reaction, and every answer has one', () => {
  const answer = fc.record({
    status: fc.integer({ min: 100, max: 599 }),
    code: maybe(fc.constantFrom(1, 2, 3, 4, 6, 7, 14, 19, 25, 39, 40, 41, 42, 43, 47, 48, 55, 101, 999)),
    message: fc.string(),
  });
  fc.assert(
    fc.property(fc.constantFrom(...calls), answer, (call, given) => {
      const first = reactionTo(call, given);
      expect(reactions).toContain(first.reaction);
      expect(reactionTo(call, { ...given })).toEqual(first);
    }),
  );
});

test('trouble on the way has a reaction, too, and keeps its own code', () => {
  const entry = netErrors.HTTP_CUT;
  fc.assert(
    fc.property(
      fc.constantFrom(...calls),
      fc.constantFrom(...Object.keys(netErrors), 'NEW'),
      (call, code) => {
        const { reaction, cause } = reactionTo(call, new DroverError(code, entry));
        expect(reactions).toContain(reaction);
        expect(cause.code).toBe(code);
        // Whether it was done must be looked up where that may be.
        if (code === 'HTTP_CUT') expect(reaction === 'look').toBe(call === 'join' || call === 'leave');
      },
    ),
  );
});

test('a credential that was refused at sign-in is never tried again by itself', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (code, message) => {
      expect(reactionTo('signIn', { status: 401, code, message }).reaction).toBe('refused');
    }),
  );
});

test('the back-off rises, doubling from 10 s, and ends at 300 s', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7].map((attempt) => delayAfter(attempt, joinBackOff) / second);
  expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), (attempt) => {
      const delay = delayAfter(attempt, joinBackOff);
      expect(delayAfter(attempt + 1, joinBackOff)).toBeGreaterThanOrEqual(delay);
      expect(delay).toBeGreaterThanOrEqual(10 * second);
      expect(delay).toBeLessThanOrEqual(300 * second);
    }),
  );
});

test('all that is missing is named at once, and nothing is tried then', () => {
  fc.assert(
    fc.property(wish, (given) => {
      const missing = missingIn(given);
      const hasName = given.storeId !== null || given.clusterName !== null;
      const hasToken =
        given.tokenGivenAt !== null ||
        given.tokenUrl !== null ||
        (given.primary!.rest !== null && given.primary!.credential !== null);
      expect(missing.includes('storeId | clusterName')).toBe(!hasName);
      expect(missing.includes('token | tokenUrl | primary.credential')).toBe(!hasToken);
      const { failure } = judgeSettings(given);
      expect(failure === undefined).toBe(missing.length === 0);
      if (failure) {
        expect(failure).toMatchObject({
          reaction: 'stop',
          cause: { code: 'JOIN_SETTINGS_MISSING', values: { missing: missing.join(', ') } },
        });
      }
    }),
  );
});
