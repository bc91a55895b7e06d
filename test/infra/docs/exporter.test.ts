import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownSeries } from '#neuvector/exporter';
import { families } from '../../../shared/neuvector/exporter/families/families.ts';

const text = readFileSync('docs/exporter.md', 'utf8');
const told = new Set(
  [...text.matchAll(/^\| (`nv_[^|]*) \|/gm)].flatMap(([, cell]) => {
    const [first, ...more] = [...cell!.matchAll(/`(\w+)(?:\{\w+\})?`/g)].map(([, name]) => name!);
    return [first!, ...more.map((name) => (name.startsWith('_') ? `nv_summary${name}` : name))];
  }),
);

test('docs/exporter.md has every metric of the exporter, and no other', () => {
  const own = ownSeries({
    target: 'a',
    tookMs: 1,
    signInFailures: 0,
    collected: { text: new Uint8Array(), families: [], requests: 0, tookMs: 1 },
  });
  const names = [
    ...families({ enforcerStats: true }).flatMap(({ help }) => Object.keys(help)),
    ...[...own.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!),
  ];
  expect([...told].sort()).toEqual(names.sort());
});
