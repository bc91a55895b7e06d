import { expect, test } from 'vitest';
import { readKubeconfig } from '../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { DroverError, say } from '../../../../shared/errors/index.ts';
import { corpus } from './corpus.ts';

function errorOf(text: string): DroverError {
  try {
    readKubeconfig(text);
  } catch (error) {
    if (error instanceof DroverError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const rows = corpus.map(([what, text, code, at]) => ({ what, text, code, at }));

test.each(rows)('$what is refused', ({ text, code, at }) => {
  const error = errorOf(text);
  const { at: named } = error.values;
  expect([error.code, typeof named === 'object' ? named.en : named]).toEqual([code, at]);
  for (const language of ['en', 'zh'] as const) {
    for (const part of [error.entry.message, error.entry.remedy]) {
      expect(say(part, language, error.values)).not.toMatch(/\{\w+\}/);
    }
  }
});

test('the corpus has at least 60 rows, no two of one text', () => {
  expect(new Set(corpus.map(([, text]) => text)).size).toBe(corpus.length);
  expect(corpus.length).toBeGreaterThanOrEqual(60);
});
