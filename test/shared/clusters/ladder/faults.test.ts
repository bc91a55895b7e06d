import PQueue from 'p-queue';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Validation } from '../../../../shared/clusters/ladder/validation.ts';
import { faultCases } from './faults.ts';
import { faultTable } from './faultTable.ts';

/** Side by side: most of them wait for something. */
const climbed = new Map<string, Validation>();
beforeAll(async () => {
  const queue = new PQueue({ concurrency: 8 });
  await queue.addAll(
    faultCases.map((one) => async () => {
      await using stack = new AsyncDisposableStack();
      climbed.set(one.fault, await one.climb(stack));
    }),
  );
});

describe.each(faultCases)('$fault', ({ fault, step, code, outcome }) => {
  test(`is told as ${code} at ${step}`, () => {
    const validation = climbed.get(fault)!;
    const told = validation.steps.find((each) => each.outcome === outcome && each.code === code);
    expect(told?.step, JSON.stringify(validation.steps)).toBe(step);
    expect(validation.outcome).toBe(outcome);
  });
});

test('docs/faults.md is current: npx vitest -u test/shared/clusters/ladder/faults.test.ts', async () => {
  await expect(faultTable(faultCases, climbed)).toMatchFileSnapshot('../../../../docs/faults.md');
});
