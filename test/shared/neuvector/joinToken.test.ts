import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeJoinToken, encodeJoinToken, joinTokenIn } from '#neuvector';
import { textOf } from '../../fixtures/canaries.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const parts = { server: 'primary.example', port: 11443, ticket: 'a-ticket' };
const token = encodeJoinToken(parts);

/** Whatever a primary was told to be called, in one piece. */
const aServer = fc.string({ minLength: 1 }).filter((server) => !/[\s\p{Cc}]/u.test(server));
const aPort = fc.integer({ min: 1, max: 65_535 });
const aTicket = fc.option(fc.string({ minLength: 1 }));

test('a token says what it was made of', () => {
  fc.assert(
    fc.property(aServer, aPort, aTicket, (server, port, ticket) => {
      expect(decodeJoinToken(encodeJoinToken({ server, port, ticket }))).toEqual({ server, port, ticket });
    }),
    { seed: 1 },
  );
});

test('a token is found in what carries it, as controllers take it', () => {
  fc.assert(
    fc.property(
      aServer,
      aPort,
      aTicket,
      fc.constantFrom<(token: string) => string>(
        (one) => `  ${one}\n`,
        (one) => one.replace(/.{20}/g, '$&\r\n'),
        (one) => one.replace(/=+$/, ''),
        (one) => one.replaceAll('+', '-').replaceAll('/', '_'),
        (one) => JSON.stringify(one),
        (one) => JSON.stringify({ context: one }),
        (one) => JSON.stringify({ join_token: `${one} ` }),
        (one) => JSON.stringify({ context: '', join_token: one, more: 1 }, null, 2),
      ),
      (server, port, ticket, carried) => {
        const made = encodeJoinToken({ server, port, ticket });
        expect(joinTokenIn(carried(made))).toBe(made);
        expect(decodeJoinToken(carried(made))).toEqual({ server, port, ticket });
      },
    ),
    { seed: 1 },
  );
});

describe('what is no token', () => {
  test.each([
    ['nothing', '', 'JOIN_TOKEN_EMPTY'],
    ['white space', ' \n', 'JOIN_TOKEN_EMPTY'],
    ['an empty answer', '{"context":""}', 'JOIN_TOKEN_EMPTY'],
    ['a fixed token', '9d3c6a5e-0c0c-4d0a-9d3a-0123456789ab', 'JOIN_TOKEN_IS_FIXED'],
    [
      'a fixed token in an answer',
      '{"join_token":"9D3C6A5E-0C0C-4D0A-9D3A-0123456789AB"}',
      'JOIN_TOKEN_IS_FIXED',
    ],
    ['words', 'canary, of course', 'JOIN_TOKEN_NOT_BASE64'],
    ['a page', '<html>canary</html>', 'JOIN_TOKEN_NOT_BASE64'],
    ['another answer', '{"token":"canary"}', 'JOIN_TOKEN_NOT_BASE64'],
    ['two tokens', `${token},${token}`, 'JOIN_TOKEN_NOT_BASE64'],
    ['base64 of words', base64('canary'), 'JOIN_TOKEN_NOT_JSON'],
    ['base64 of half a token', token.slice(0, 40), 'JOIN_TOKEN_NOT_JSON'],
    ['base64 of a list', base64('["canary"]'), 'JOIN_TOKEN_NOT_JSON'],
    ['base64 of null', base64('null'), 'JOIN_TOKEN_NOT_JSON'],
    ['one that names no server', base64('{"p":443,"t":"canary"}'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
    ['one that names an empty server', base64('{"s":"","p":443,"t":"canary"}'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
    ['one that names no port', base64('{"s":"canary","t":"canary"}'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
    ['one whose port is a text', base64('{"s":"canary","p":"443"}'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
    ['one whose port is none', base64('{"s":"canary","p":70000}'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
  ])('%s', (_, text, code) => {
    const error = thrownBy(() => decodeJoinToken(text));
    expect(error).toMatchObject({ code });
    const told = textOf(error).replaceAll(import.meta.dirname, '');
    for (const piece of ['canary', text.trim(), 'Y2FuYXJ5', '9d3c6a5e']) {
      if (piece !== '') expect(told.toLowerCase()).not.toContain(piece.toLowerCase());
    }
  });

  test('any text is a token or is refused with a code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
        const error = thrownBy(() => decodeJoinToken(text));
        if (error !== undefined) expect(error).toMatchObject({ code: expect.stringMatching(/^JOIN_TOKEN_/) });
      }),
      { seed: 1 },
    );
  });
});

test('a ticket may be missing, as in the tokens of earlier systems', () => {
  for (const ticket of [
    '{"s":"a","p":1}',
    '{"s":"a","p":1,"t":""}',
    '{"s":"a","p":1,"t":null}',
    '{"s":"a","p":1,"t":5}',
  ])
    expect(decodeJoinToken(base64(ticket))).toEqual({ server: 'a', port: 1, ticket: null });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
