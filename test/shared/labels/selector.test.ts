import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLabelKey, isLabelValue, matchesSelector, parseSelector } from '#labels';

const one = (operator: string, key: string, values?: string[]) => ({
  operator,
  key,
  ...(values ? { values } : {}),
});

describe('reads the grammar of Kubernetes', () => {
  test.each<[string, unknown[]]>([
    ['', []],
    ['  ', []],
    ['x', [one('exists', 'x')]],
    ['\rx', [one('exists', 'x')]],
    ['!x', [one('absent', 'x')]],
    ['! x', [one('absent', 'x')]],
    ['x=a', [one('in', 'x', ['a'])]],
    ['x==a', [one('in', 'x', ['a'])]],
    ['x!=a,y=b', [one('notin', 'x', ['a']), one('in', 'y', ['b'])]],
    ['x=a,y=b,z=c', [one('in', 'x', ['a']), one('in', 'y', ['b']), one('in', 'z', ['c'])]],
    ['x=', [one('in', 'x', [''])]],
    ['x= ', [one('in', 'x', [''])]],
    ['x=,z= ', [one('in', 'x', ['']), one('in', 'z', [''])]],
    ['x= ,z= ', [one('in', 'x', ['']), one('in', 'z', [''])]],
    ['x!=', [one('notin', 'x', [''])]],
    ['foo  in\t (abc)', [one('in', 'foo', ['abc'])]],
    ['x notin\n (abc)', [one('notin', 'x', ['abc'])]],
    ['x  notin\t\t\t(abc,def)', [one('notin', 'x', ['abc', 'def'])]],
    ['x in (abc,)', [one('in', 'x', ['abc', ''])]],
    ['x in (,abc)', [one('in', 'x', ['', 'abc'])]],
    ['x in (a,,b)', [one('in', 'x', ['a', '', 'b'])]],
    ['x in (a,a)', [one('in', 'x', ['a'])]],
    ['x in ()', [one('in', 'x', [''])]],
    ['x in(a)', [one('in', 'x', ['a'])]],
    ['x,y in (a)', [one('exists', 'x'), one('in', 'y', ['a'])]],
    [
      'x notin (abc,def),bar,z in (),w',
      [one('notin', 'x', ['abc', 'def']), one('exists', 'bar'), one('in', 'z', ['']), one('exists', 'w')],
    ],
    // Words that are operators elsewhere.
    ['notin=in', [one('in', 'notin', ['in'])]],
    ['in in (in,notin)', [one('in', 'in', ['in', 'notin'])]],
    ['!in,notin', [one('absent', 'in'), one('exists', 'notin')]],
    ['this-is-a-dns.domain.com/key-with-dash', [one('exists', 'this-is-a-dns.domain.com/key-with-dash')]],
    [
      '0.1.2.domain/99 notin (10.10.100.1, tick.tack.clock)',
      [one('notin', '0.1.2.domain/99', ['10.10.100.1', 'tick.tack.clock'])],
    ],
    [
      'x>1,z<5',
      [
        { operator: 'above', key: 'x', value: 1n },
        { operator: 'below', key: 'z', value: 5n },
      ],
    ],
    ['x>-1', [{ operator: 'above', key: 'x', value: -1n }]],
  ])('%j', (text, expected) => {
    expect(parseSelector(text)).toEqual(expected);
  });
});

describe('refuses, and says where', () => {
  test.each<[string, number]>([
    ['x=a||y=b', 3],
    ['x==a==b', 5],
    ['!x=a', 3],
    ['!x in (a)', 4],
    ['x<a', 3],
    ['x>', 3],
    ['x>1.5', 3],
    ['x>9223372036854775808', 3],
    ['x,', 3],
    [',x', 1],
    ['x,,y', 3],
    ['=a', 1],
    ['x in', 5],
    ['x in a', 6],
    ['x in (a', 8],
    ['x in (a b)', 9],
    ['x in (a=b)', 8],
    ['x y', 3],
    ['x ! y', 3],
    ['x=!a', 3],
    ['x=(a)', 3],
    ['!!x', 2],
    ['()', 1],
    ['-x=a', 1],
    ['a/b/c', 1],
    ['/x', 1],
    ['Upper.Case/x', 1],
    ['x=-a', 3],
    [`x=${'a'.repeat(64)}`, 3],
    ['a'.repeat(64), 1],
    [`${'a'.repeat(254)}/x`, 1],
    ['x=a\u0000', 3],
    ['größe=1', 1],
  ])('%j', (text, at) => {
    expect(() => parseSelector(text)).toThrow(
      expect.objectContaining({ code: 'SELECTOR_INVALID', values: expect.objectContaining({ at }) }),
    );
  });
});

describe('matches as Kubernetes does', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['', { x: 'y' }, true],
    ['x=y', { x: 'y' }, true],
    ['x=y,z=w', { x: 'y', z: 'w' }, true],
    ['x!=y,z!=w', { x: 'z', z: 'a' }, true],
    ['x!=y', {}, true],
    ['x notin (y)', {}, true],
    ['notin=in', { notin: 'in' }, true],
    ['x', { x: 'z' }, true],
    ['x', { x: '' }, true],
    ['!x', { y: 'z' }, true],
    ['x in ()', { x: '' }, true],
    ['x>1', { x: '2' }, true],
    ['x<1', { x: '0' }, true],
    ['x<1', { x: '-9223372036854775808' }, true],
    ['x=z', {}, false],
    ['x=', {}, false],
    ['x=y', { x: 'z' }, false],
    ['x=y,z=w', { x: 'w', z: 'w' }, false],
    ['x!=y,z!=w', { x: 'z', z: 'w' }, false],
    ['x', { y: 'z' }, false],
    ['!x', { x: 'z' }, false],
    ['x>1', { x: '0' }, false],
    ['x>1', {}, false],
    ['x>1', { x: 'v2' }, false],
    ['x>1', { x: '9223372036854775808' }, false],
    ['x<1', { x: '2' }, false],
    ['foo=bar,foobar=bar,baz=blah', { foo: 'bar', baz: 'blah' }, false],
    // What every object has is not a label.
    ['constructor', {}, false],
    ['!toString', {}, true],
  ])('%j on %j: %s', (text, labels, expected) => {
    expect(matchesSelector(parseSelector(text), labels)).toBe(expected);
  });
});

test('whatever is sent, it is read or refused with a code', () => {
  const pieces = fc.array(
    fc.constantFrom(
      'a',
      'b/c',
      'in',
      'notin',
      '=',
      '==',
      '!=',
      '!',
      '(',
      ')',
      ',',
      '>',
      '<',
      ' ',
      '1',
      '|',
      '\n',
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join('')),
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
      (text) => {
        try {
          matchesSelector(parseSelector(text), { a: '1' });
        } catch (error) {
          expect(error).toMatchObject({ code: 'SELECTOR_INVALID' });
        }
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});

test('a term and its opposite never hold both, and one of them always does', () => {
  const value = fc.constantFrom('a', 'b', '');
  const labels = fc.dictionary(fc.constantFrom('x', 'y'), value);
  fc.assert(
    fc.property(labels, fc.array(value, { minLength: 1 }), (set, values) => {
      const list = `(${values.join(',')})`;
      expect(matchesSelector(parseSelector(`x in ${list}`), set)).not.toBe(
        matchesSelector(parseSelector(`x notin ${list}`), set),
      );
      expect(matchesSelector(parseSelector('x'), set)).not.toBe(matchesSelector(parseSelector('!x'), set));
    }),
    { seed: 1 },
  );
});

test('keys and values of labels', () => {
  expect(['a', 'a.b/c_d', 'A9', '0'].every(isLabelKey)).toBe(true);
  expect(['', '/', 'a/', '/a', 'a b', '_a', 'a_', 'a/b/c', 'a..b/c'].some(isLabelKey)).toBe(false);
  expect(['', 'a', 'A_b-c.9', 'a'.repeat(63)].every(isLabelValue)).toBe(true);
  expect(['-', 'a ', 'ä', 'a'.repeat(64), 'a/b'].some(isLabelValue)).toBe(false);
});
