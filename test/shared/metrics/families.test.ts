import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families } from '../../../functions/families.ts';

/** Every `count('drover_…', { … })` and `observe(…)` in the program, as it is written. */
const calls = ['shared', 'functions']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/\b(count|observe)\(\s*'(drover_\w+)',\s*(?:\{([^}]*)\}|\w+)/g),
    ].map(([, how = '', name = '', labels]) => ({ file, how, name, labels })),
  );

describe.each(calls)('$name in $file', ({ how, name, labels }) => {
  const family = families.find((one) => one.name === name);

  it('is defined, as what it is used for', () => {
    expect(family?.type).toBe(how === 'count' ? 'counter' : 'histogram');
  });

  it('is given its labels', () => {
    if (labels === undefined || labels.includes('...')) return;
    const given = labels.split(',').flatMap((part) => part.trim().match(/^\w+/)?.[0] ?? []);
    expect(given.sort()).toEqual(Object.keys(family?.labels ?? {}).sort());
  });
});

it('every counter and histogram is counted somewhere', () => {
  const counted = new Set(calls.map(({ name }) => name));
  const idle = families.filter(({ type, name }) => type !== 'gauge' && !counted.has(name));
  expect(idle.map(({ name }) => name)).toEqual([]);
});
