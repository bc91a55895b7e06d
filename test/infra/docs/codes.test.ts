import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Language } from '#errors';
import { readCatalogues } from '../../../infra/docs/catalogues.ts';
import { codesTable } from '../../../infra/docs/codesTable.ts';

const folders = await readCatalogues('.');
const codes = folders.flatMap(({ folder, catalogue }) =>
  Object.entries(catalogue).map(([code, entry]) => ({ folder, code, entry })),
);
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

describe.each(codes)('$folder: $code', ({ code, entry }) => {
  it('is spelled like a code and has an HTTP status for errors', () => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.status).toBeLessThan(600);
  });

  it.each(['title', 'message', 'remedy'] as const)(
    'has its %s in both languages, of the same values',
    (what) => {
      const text = entry[what];
      expect(text.en).toMatch(/^[^\u3000-\u9fff]*[A-Za-z][^\u3000-\u9fff]*$/);
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
      // Chinese punctuation, beside Chinese.
      expect(text.zh).not.toMatch(/[\u4e00-\u9fff][,;:(?!]|[,;)?!][\u4e00-\u9fff]/);
      expect(placeholders(text.zh)).toEqual(placeholders(text.en));
      for (const language of ['en', 'zh'] as Language[]) expect(text[language].trim()).toBe(text[language]);
    },
  );
});

it('no code stands in two catalogues', () => {
  const twice = codes.filter(({ code }, i) => codes.findIndex((other) => other.code === code) !== i);
  expect(twice.map(({ folder, code }) => `${folder}: ${code}`)).toEqual([]);
});

it('no code stands outside the files that the table is made from', () => {
  const inline = ['shared', 'functions', 'infra']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /errorsOf\(\s*\{/.test(readFileSync(file, 'utf8')));
  expect(inline).toEqual([]);
});

it('docs/codes.md is current: npm run docs:codes', () => {
  expect(readFileSync('docs/codes.md', 'utf8')).toBe(codesTable(folders));
});
