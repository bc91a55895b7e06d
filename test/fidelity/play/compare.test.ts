import { describe, expect, it } from 'vitest';
import { compare, explain } from './compare.ts';
import type { Json } from './json.ts';
import type { Transcript } from './transcript.ts';

const answered = (body: Json): Transcript => [{ request: 'GET /a', status: 200, headers: {}, body }];

describe('two transcripts', () => {
  it('do not differ when they say the same in another order of fields', () => {
    expect(compare(answered({ a: 1, b: [2] }), answered({ b: [2], a: 1 }))).toEqual([]);
  });

  it('differ in each field by its path', () => {
    expect(compare(answered({ a: 1, b: [2, 3], c: null }), answered({ a: 2, b: [2], d: 4 }))).toEqual([
      { field: '0.body.a', request: 'GET /a', real: 1, simulated: 2 },
      { field: '0.body.b.1', request: 'GET /a', real: 3, simulated: undefined },
      { field: '0.body.c', request: 'GET /a', real: null, simulated: undefined },
      { field: '0.body.d', request: 'GET /a', real: undefined, simulated: 4 },
    ]);
  });

  it('differ where one of them goes on', () => {
    expect(compare(answered({}), []).map(({ field }) => field)).toEqual(['0']);
  });

  it('are explained answer by answer', () => {
    expect(explain(compare(answered({ a: 1 }), answered({})))).toBe(
      'GET /a\n  0.body.a\n    real:      1\n    simulated: (absent)',
    );
  });
});
