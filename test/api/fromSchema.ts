import fc from 'fast-check';
import type { Schema } from './document.ts';

type Arbitrary = fc.Arbitrary<unknown>;

/** What a schema allows. */
export function fromSchema(schema: Schema): Arbitrary {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.example !== undefined) {
    const { example, ...others } = schema;
    return fc.oneof(fc.constant(example), { weight: 2, arbitrary: fromSchema(others) });
  }
  if (choices) return fc.oneof(...choices.map(fromSchema));
  if (schema.allOf) {
    return fc
      .tuple(...schema.allOf.map(fromSchema))
      .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  }
  const types = [schema.type ?? 'any'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): Arbitrary {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000_000, max: schema.maximum ?? 1_000_000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'string':
      return text(schema);
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 5, 5) });
    case 'object':
      return object(schema);
    default:
      return fc.jsonValue();
  }
}

function text({ format, pattern, minLength = 0, maxLength = 60 }: Schema): Arbitrary {
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString());
  }
  if (format === 'uri') {
    return fc.oneof(
      fc.constantFrom('https://hooks.example/a', 'https://169.254.169.254/latest', 'http://[::1]:8080/'),
      fc.webUrl({ validSchemes: ['https', 'http'] }),
    );
  }
  if (pattern !== undefined) {
    return fc
      .stringMatching(new RegExp(pattern))
      .filter((one) => one.length >= minLength && one.length <= Math.max(maxLength, 63));
  }
  return fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'grapheme' });
}

function object({ properties = {}, required = [], additionalProperties }: Schema): Arbitrary {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fromSchema(schema)])),
    { requiredKeys: required.filter((name) => name in properties) },
  );
  if (typeof additionalProperties !== 'object') return known;
  const more = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fromSchema(additionalProperties), {
    maxKeys: 4,
  });
  return fc.tuple(more, known).map(([a, b]) => ({ ...a, ...b }));
}

/** Texts that have broken parsers, keys and logs before. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '__proto__',
    'constructor',
    'toString',
    'null',
    '-1',
    '1e309',
    '%00',
    '%2e%2e%2f',
    '../../etc/passwd',
    "'; --",
    '{{7*7}}',
    '#',
    '?',
    'a\u0000b',
    'a\r\nx-injected: 1',
    '\ud800',
    '\u202e',
    '🐄'.repeat(50),
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

/** What a schema allows, with one thing about it wrong. */
export function nearly(schema: Schema): Arbitrary {
  const wrong = fc.oneof(
    nastyText,
    fc.jsonValue({ maxDepth: 3 }),
    fc.bigInt().map(Number),
    fc.constant(undefined),
  );
  const names = Object.keys(schema.properties ?? {});
  return fc
    .tuple(fromSchema(schema), fc.constantFrom(...names, '__proto__', 'more', ''), wrong)
    .map(([good, name, value]) => {
      if (typeof good !== 'object' || good === null || Array.isArray(good)) return value;
      const spoilt = { ...good };
      Object.defineProperty(spoilt, name, { value, enumerable: true, configurable: true, writable: true });
      return spoilt;
    });
}
