import { expect, it } from 'vitest';
import { present } from '../../../shared/clusters/present.ts';
import { aCluster, aSeen } from './aCluster.ts';

const label = { 'drover.dev/simulated': 'true' };

it.each([
  ['a real one', {}, aSeen(), false],
  ['one that nobody has seen', {}, null, null],
  ['a simulated one', {}, aSeen({ isSimulated: true }), true],
  [
    'a simulated one whose label says no',
    { 'drover.dev/simulated': 'false' },
    aSeen({ isSimulated: true }),
    true,
  ],
  ['one of the simulated world that nobody could reach', label, null, true],
  ['one that is real and marked', label, aSeen(), true],
])('no real cluster is taken for a simulated one, nor the other way: %s', (_, labels, seen, expected) => {
  expect(present(aCluster({ seen }, { labels })).simulated).toBe(expected);
});
