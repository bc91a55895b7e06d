import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, parseYaml, plain } from '../../../../../infra/world/kubernetes/validation/source.ts';

describe('a JSON document', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(plain(parseJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { seed: 1 },
    );
  });

  test('is refused where JSON.parse refuses it', () => {
    const nearly = fc
      .json()
      .chain((text) =>
        fc
          .record({ at: fc.nat(text.length), with: fc.constantFrom('', '{', '"', ',', '\\', 'x', '\n') })
          .map((change) => text.slice(0, change.at) + change.with + text.slice(change.at + 1)),
      );
    const isRead = (read: () => unknown) => {
      try {
        read();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(nearly, (text) => {
        expect(isRead(() => parseJson(text))).toBe(isRead(() => JSON.parse(text)));
      }),
      { seed: 1 },
    );
  });

  test.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['"a', 'unexpected end of JSON input'],
    ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ['tru', 'unexpected end of JSON input'],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ['-', 'unexpected end of JSON input'],
    ["'", "invalid character '\\'' looking for beginning of value"],
  ])('%j is refused in the words of Go', (text, message) => {
    expect(() => parseJson(text)).toThrow(new Error(message));
  });
});

describe('a YAML document', () => {
  test('has the line of each key that comes again', () => {
    const { source, duplicates } = parseYaml('a: 1\nb:\n  c: x\n  c: z\na: 2\n');
    expect(plain(source)).toEqual({ a: 2, b: { c: 'z' } });
    expect(duplicates).toEqual(['line 4: key "c" already set in map', 'line 5: key "a" already set in map']);
  });

  test('is the first of several', () => {
    expect(plain(parseYaml('a: 1\n---\na: 2\n').source)).toEqual({ a: 1 });
  });

  test('knows yes and no as Kubernetes does', () => {
    expect(plain(parseYaml('a: yes\nb: "yes"\nc: 1.0\n').source)).toEqual({ a: true, b: 'yes', c: 1 });
  });
});

describe('aliases of a YAML document', () => {
  test('stand for what they name', () => {
    expect(plain(parseYaml('a: &x [1, 2]\nb: *x\nc: *x').source)).toEqual({
      a: [1, 2],
      b: [1, 2],
      c: [1, 2],
    });
  });

  test.each([
    ['excessive aliasing', `a0: &a0 [${Array(10).fill('x')}]\n${bombFrom(1, 9)}`],
    ["anchor 'x' value contains itself", 'a: &x [*x]'],
  ])('are refused: %s', (problem, text) => {
    expect(() => parseYaml(text)).toThrow(problem);
  });
});

function bombFrom(level: number, last: number): string {
  if (level > last) return '';
  return `a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`)}]\n${bombFrom(level + 1, last)}`;
}
