import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamElements } from '#neuvector';

async function* cutAt(bytes: Uint8Array, cuts: number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const to of [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort(
    (a, b) => a - b,
  )) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function elementsOf(
  text: string | Uint8Array,
  cuts: number[] = [],
  field = 'list',
): Promise<unknown[]> {
  const all: unknown[] = [];
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for await (const element of streamElements(cutAt(bytes, cuts), field)) all.push(element);
  return all;
}

const everyByteOf = (text: string) => Array.from({ length: Buffer.byteLength(text) }, (_, i) => i);

/** Spelled in ways that JSON.stringify does not choose. */
const spelled = (text: string, chance: () => boolean): string =>
  text.replace(/[^\p{ASCII}]/gu, (one) =>
    chance() ? [...one.matchAll(/[\s\S]/g)].map(([unit]) => escaped(unit!)).join('') : one,
  );
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const text = fc.string({ unit: 'binary' }).map((one) => one.toWellFormed());
const json = fc
  .jsonValue({ stringUnit: 'binary' })
  .map((one) => JSON.parse(JSON.stringify(one).toWellFormed()) as unknown);

test('whatever a list holds and wherever it is cut, its elements are what JSON.parse makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(json, { maxLength: 8 }),
      fc.array(fc.tuple(text, json), { maxLength: 4 }),
      fc.nat(),
      fc.array(fc.nat(), { maxLength: 30 }),
      fc.constantFrom(undefined, 1, '\t', ' \r\n'),
      fc.infiniteStream(fc.boolean()),
      async (list, beside, place, cuts, space, chances) => {
        const others = beside.filter(([name]) => name !== 'list' && name !== '__proto__');
        const fields = others.toSpliced(place % (others.length + 1), 0, ['list', list]);
        const whole = JSON.stringify(Object.fromEntries(fields), null, space);
        const written = spelled(whole, () => chances.next().value as boolean);
        const { list: expected } = JSON.parse(written) as { list: unknown[] };
        expect(await elementsOf(written, cuts)).toEqual(expected);
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});

test('whatever one letter is changed, it is read as JSON.parse would read it, or refused', async () => {
  const sample = '{"list":[{"a":[1,{"b":"x\\\\\\"y,]"}]},-1.5e3,"ü€𝄞",null,[],{},[[true]],"\\u00e9"]}';
  expect(JSON.parse(sample).list).toHaveLength(8);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(sample.length),
      fc.constantFrom('', ...'[]{},:"\\ 0n-', '\n', 'é'),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 5 }),
      async (at, letter, isInserted, cuts) => {
        const changed = (
          sample.slice(0, at) +
          letter +
          sample.slice(isInserted ? at : at + 1)
        ).toWellFormed();
        const elements = await elementsOf(changed, cuts).catch((error: unknown) => error);
        const expected = parsedList(changed);
        if (expected === undefined) expect(elements).toMatchObject({ name: 'MalformedJson' });
        else expect(elements).toEqual(expected);
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
});

function parsedList(text: string): unknown {
  try {
    return (JSON.parse(text) as { list?: unknown }).list ?? [];
  } catch {
    return undefined;
  }
}

describe('of a text', () => {
  const whole = '{"before":{"list":[0]},"list":[{"a":"€,]\\\\"},2,"\\"[",[3]],"after":["]",{"x":"}"}]}';
  const expected = JSON.parse(whole).list as unknown[];

  test('cut at any byte the elements are the same', async () => {
    for (let at = 0; at < Buffer.byteLength(whole); at++) {
      expect(await elementsOf(whole, [at])).toEqual(expected);
    }
  });

  test('that comes byte by byte the elements are the same', async () => {
    expect(await elementsOf(whole, everyByteOf(whole))).toEqual(expected);
  });

  test('that ends too early none is taken for whole', async () => {
    const bytes = Buffer.from(whole);
    for (let end = 0; end < bytes.length; end++) {
      await expect(elementsOf(bytes.subarray(0, end)), String(end)).rejects.toThrow('Malformed JSON');
    }
  });
});

test.each([
  '{}',
  '{"list":null}',
  '{"list":[]}',
  ' { "list" : [ \n ] } ',
  '{"other":[1]}',
  '{"a":{"list":[1]}}',
])('%s has no elements', async (text) => expect(await elementsOf(text)).toEqual([]));

test('a name is the same however it is spelled', async () => {
  expect(await elementsOf('{"l\\u0069st":[1]}')).toEqual([1]);
  expect(await elementsOf('{"l\\"t":[1]}', [], 'l"t')).toEqual([1]);
});

test.each([
  '',
  '[1]',
  'null',
  '"x"',
  '<html>',
  '{"list":[1]}x',
  '{"list":[1]}{}',
  '{"list":{}}',
  '{"list":"x"}',
  '{"list":1}',
  '{"list":true}',
  '{"list":[1}',
  '{"list":[1]]}',
  '{"list":[,]}',
  '{"list":[,1]}',
  '{"list":[1,]}',
  '{"list":[1,,2]}',
  '{"list":[{]}]}',
  '{"list":[{"a":1]]}',
  '{"list":[nope]}',
  '{"list":[1],}',
  '{"list" [1]}',
  '{list:[1]}',
  '{"a":,"list":[1]}',
  '{"a":nope,"list":[1]}',
  '{,"list":[1]}',
])('%s is refused, however it is cut', async (text) => {
  for (const cuts of [[], everyByteOf(text)]) {
    await expect(elementsOf(text, cuts)).rejects.toMatchObject({ name: 'MalformedJson' });
  }
});

test('what was read is not in the error', async () => {
  await expect(elementsOf('{"list":["a-secret" "a-secret"]}')).rejects.not.toThrow('secret');
});

test('elements are given while the rest is still to come', async () => {
  let isAsked = false;
  async function* slow() {
    yield Buffer.from('{"list":[1,2,');
    isAsked = true;
    yield Buffer.from('3]}');
  }
  const elements = streamElements(slow(), 'list');
  expect([(await elements.next()).value, (await elements.next()).value, isAsked]).toEqual([1, 2, false]);
  expect((await elements.next()).value).toBe(3);
});

test('an element without end is given up', async () => {
  let given = 0;
  async function* endless() {
    yield Buffer.from('{"list":["');
    for (const piece = Buffer.alloc(1_048_576, 'a'); ; given++) yield piece;
  }
  await expect(streamElements(endless(), 'list').next()).rejects.toThrow('without end');
  expect(given).toBeLessThan(40);
});
