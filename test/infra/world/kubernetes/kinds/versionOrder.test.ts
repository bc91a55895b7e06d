import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byPreference } from '../../../../../infra/world/kubernetes/kinds/versionOrder.ts';

test('stable versions come before betas, betas before alphas, newer before older, other names last', () => {
  const order = [
    'v10',
    'v2',
    'v1',
    'v11beta2',
    'v10beta3',
    'v3beta1',
    'v12alpha1',
    'v11alpha2',
    'foo1',
    'foo10',
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(order), (some) => {
      expect([...some].sort(byPreference)).toEqual(order.filter((name) => some.includes(name)));
    }),
    { seed: 1 },
  );
});
