import fc from 'fast-check';
import { expect, test } from 'vitest';
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
    { numRuns: 500 },
  );
});
