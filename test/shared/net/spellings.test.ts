import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNet } from '#net';
import { systemClock } from '#time';

const net = createNet({
  clock: systemClock,
  resolve: () => Promise.reject(new Error('no name was expected')),
});

const byte = fc.integer({ min: 0, max: 255 });
/** Addresses that no webhook may have: private, loopback, link-local, metadata, multicast, reserved. */
const forbidden = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127, 224, 240, 255), byte, byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.constant([168, 63, 129, 16] as [number, number, number, number]),
);

const digits = (value: number, style: number): string =>
  [
    String(value),
    `0x${value.toString(16)}`,
    `0X${value.toString(16).toUpperCase()}`,
    `0${value.toString(8)}`,
    `0x000${value.toString(16)}`,
  ][style % 5]!;

const fullWidth = (text: string) =>
  text.replace(/[0-9a-zA-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

/** One of the many ways in which inet_aton, and so every URL parser, reads an IPv4 address. */
const spelling = fc
  .record({
    bytes: forbidden,
    parts: fc.integer({ min: 1, max: 4 }),
    styles: fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }),
    dot: fc.constantFrom('.', '。', '．', '｡'),
    isWide: fc.boolean(),
    hasTrailingDot: fc.boolean(),
  })
  .map(({ bytes, parts, styles, dot, isWide, hasTrailingDot }) => {
    const heads = bytes.slice(0, parts - 1);
    const tail = bytes.slice(parts - 1).reduce((sum, value) => sum * 256 + value, 0);
    const text =
      [...heads, tail].map((value, i) => digits(value, styles[i]!)).join(dot) + (hasTrailingDot ? '.' : '');
    return isWide ? fullWidth(text) : text;
  });

test('however a forbidden IPv4 address is spelled, a webhook may not dial it', async () => {
  await fc.assert(
    fc.asyncProperty(spelling, async (host) => {
      await expect(net.vet('webhook', `https://${host}/`)).rejects.toMatchObject({
        code: 'TARGET_FORBIDDEN',
      });
    }),
    { numRuns: 400, seed: 1 },
  );
});

test('whatever a person types, it is vetted or refused with a code of the catalogue', async () => {
  const open = createNet({ clock: systemClock, resolve: async () => ['93.184.216.34'] });
  const pieces = fc.array(
    fc.constantFrom(
      'https://',
      'http:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '443',
      '8443',
      '22',
      '[',
      ']',
      '::1',
      'a.example',
      '127.0.0.1',
      '0x7f',
      '%',
      '%00',
      '#',
      '?',
      ' ',
      '\t',
      '。',
      'ａ',
      '-',
      '.',
      'user:pass',
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        pieces.map((all) => `https://${all.join('')}`),
        fc.webUrl(),
        fc.string({
          unit: fc.constantFrom(
            'a',
            '1',
            '.',
            '-',
            'é',
            '集',
            '\u0000',
            '\ud800',
            '\u200b',
            '\n',
            '😀',
            '%',
            '=',
            '(',
          ),
        }),
      ),
      async (url) => {
        const target = await open.vet('webhook', url).catch((error) => error);
        if (target instanceof Error) {
          expect(target).toMatchObject({ name: 'DroverError' });
        } else {
          expect(new URL(target.url)).toMatchObject({
            protocol: 'https:',
            username: '',
            password: '',
            hash: '',
          });
          expect(target.port === 443 || target.port >= 1024).toBe(true);
          expect(target.addresses.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});
