import { describe, expect, test } from 'vitest';
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
import { missingIn } from '../../../../shared/join/ladder/judgeSettings.ts';
import type { PrimaryAccess } from '../../../../shared/join/model.ts';
import { aWish } from './aWish.ts';

const trust = { ca: null, fingerprint: null, tlsServerName: null };
const aPrimary = (federation: string | null): PrimaryAccess => ({
  federation,
  rest: null,
  trust,
  credential: null,
});
const inToken = { server: 'said.example', port: 11443 };
const token = { ...inToken, text: 'dGhlIHRva2Vu' };

test('a suffix is six small letters and digits, each as likely as the others', () => {
  const seen = new Map<string, number>();
  const bytes = Array.from({ length: 252 }, (_, byte) => byte);
  while (bytes.length > 0) {
    const suffix = drawSuffix((count) => Uint8Array.from(bytes.splice(0, count)));
    expect(suffix).toMatch(/^[a-z0-9]{6}$/);
    for (const letter of suffix) seen.set(letter, (seen.get(letter) ?? 0) + 1);
  }
  expect([...seen.values()]).toEqual(Array.from({ length: 36 }, () => 7));
});

test('bytes that would favour some letters are drawn anew', () => {
  const given = [
    [255, 254, 253, 252, 0, 1],
    [2, 3, 4, 5, 6, 7],
  ];
  expect(drawSuffix(() => Uint8Array.from(given.shift()!))).toBe('abcdef');
});

describe('what beats what', () => {
  test.each([
    [{ storeId: 'u1', clusterName: null }, 'u1-k3x9q2', 'derived'],
    [{ storeId: 'u1', clusterName: 'berlin' }, 'berlin', 'given'],
    [{ storeId: null, clusterName: 'berlin' }, 'berlin', 'given'],
  ])('the name of %j', (wish, value, origin) => {
    expect(nameOf(wish, 'k3x9q2')).toEqual({ value, origin });
  });

  test.each([
    ['nothing', {}, ['cn-wukong-ru2204a.mcd.store', 'derived', 443, 'derived']],
    ['a server', { server: 'lb.example' }, ['lb.example', 'given', 443, 'derived']],
    ['a port', { port: 10443 }, ['cn-wukong-ru2204a.mcd.store', 'derived', 10443, 'given']],
    ['both', { server: 'lb.example', port: 10443 }, ['lb.example', 'given', 10443, 'given']],
  ])('where it is advertised, given %s', (_, advertise, [server, serverOrigin, port, portOrigin]) => {
    const wish = aWish({ advertise: { server: null, port: null, ...advertise } });
    expect(advertisedOf(wish, { server: 'stored.example', port: 1 })).toEqual({
      server: { value: server, origin: serverOrigin },
      port: { value: port, origin: portOrigin },
    });
  });

  test('without a store id or server it is where the controller itself says, if it does', () => {
    const wish = aWish({ storeId: null, clusterName: 'berlin' });
    expect(advertisedOf(wish, null)).toBeUndefined();
    expect(advertisedOf(wish, { server: 'stored.example', port: 8443 })).toEqual({
      server: { value: 'stored.example', origin: 'controller' },
      port: { value: 8443, origin: 'controller' },
    });
  });

  test.each([
    ['given', aWish({ primary: aPrimary('given.example:12443') }), inToken, 'given.example:12443', 'given'],
    ['the token', aWish(), inToken, 'said.example:11443', 'token'],
    ['the token, none given', aWish({ primary: aPrimary(null) }), inToken, 'said.example:11443', 'token'],
    [
      'the store id, with the contract "master"',
      aWish({ contract: 'master' }),
      null,
      'cn-wukong-ru2204a.mcd.store:443',
      'derived',
    ],
    [
      'the token, with the contract "master"',
      aWish({ contract: 'master' }),
      inToken,
      'said.example:11443',
      'token',
    ],
  ] as const)('the primary is known by: %s', (_, wish, said, address, origin) => {
    const known = primaryOf(wish, said)!;
    expect([addressOf(valuesOf(known)), known.server.origin, known.port.origin]).toEqual([
      address,
      origin,
      origin,
    ]);
  });

  test('without a token nobody knows the primary', () => {
    expect(primaryOf(aWish(), null)).toBeUndefined();
  });
});

describe('what a join says', () => {
  test('the token’s primary counts unless another is given', () => {
    expect(joinFieldsOf(aWish(), 'k3x9q2', token)).toEqual({
      name: 'u2204a-k3x9q2',
      token: token.text,
      joint: { server: 'cn-wukong-ru2204a.mcd.store', port: 443 },
    });
    expect(joinFieldsOf(aWish({ primary: aPrimary('given.example:12443') }), 'k3x9q2', token)).toMatchObject({
      server: 'given.example',
      port: 12443,
    });
  });

  test('all of it with the contract "master", where the derived address is the primary’s', () => {
    const wish = aWish({ contract: 'master', advertise: { server: 'own.example', port: null } });
    expect(joinFieldsOf(wish, 'k3x9q2', token)).toEqual({
      name: 'u2204a-k3x9q2',
      ...inToken,
      token: token.text,
      joint: { server: 'own.example', port: 443 },
    });
    const nowhere = aWish({ contract: 'master' });
    expect(advertisedOf(nowhere, null)).toBeUndefined();
    expect(missingIn(nowhere)).toContain('advertise.server');
    expect(missingIn(wish)).not.toContain('advertise.server');
  });

  test('what the controller has stored as its own address is left to it', () => {
    const wish = aWish({ storeId: null, clusterName: 'berlin' });
    expect(joinFieldsOf(wish, 'k3x9q2', token)).toEqual({ name: 'berlin', token: token.text });
  });
});

test.each(['a.example:443', '10.0.0.1:10443', '[2001:db8::1]:443'])('%s is read and written', (address) => {
  expect(addressOf(placeOf(address)!)).toBe(address);
});

test('a bare IPv6 address stands in brackets', () => {
  expect(addressOf({ server: '2001:db8::1', port: 443 })).toBe('[2001:db8::1]:443');
});
