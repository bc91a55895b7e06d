import PQueue from 'p-queue';
import { beforeAll, describe, expect, test } from 'vitest';
import { sayValidation } from '../../../../shared/clusters/ladder/sayValidation.ts';
import {
  ladderSteps,
  saidValidation,
  type Validation,
  validation as validationSchema,
} from '../../../../shared/clusters/ladder/validation.ts';
import { client } from './aCluster.ts';
import { theToken } from './climbing.ts';
import { faultCases } from './faults/all.ts';
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
}, 120_000);

describe.each(faultCases)('$fault', ({ fault, step, code, outcome }) => {
  test(`is told as ${code} at ${step}`, () => {
    const validation = climbed.get(fault)!;
    const told = validation.steps.find((each) => each.outcome === outcome && each.code === code);
    expect(told?.step, JSON.stringify(validation.steps)).toBe(step);
    expect(validation.outcome).toBe(outcome);
    expect(validation).toMatchObject(
      outcome === 'failed' ? { code, failedStep: step } : { code: null, failedStep: null },
    );
  });

  test('ends the climb only where it fails, and every step has its place', () => {
    const { steps } = climbed.get(fault)!;
    expect(steps.map((each) => each.step)).toEqual(ladderSteps);
    const after = steps.slice(ladderSteps.indexOf(step) + 1).map((each) => each.outcome);
    if (outcome === 'failed') expect(new Set(after)).toEqual(new Set(after.length > 0 ? ['skipped'] : []));
    else expect(after).not.toContain('failed');
  });

  test.each(['en', 'zh'] as const)('is said in %s, whole and with what to do', (language) => {
    const said = sayValidation(climbed.get(fault)!, language);
    // The id of the cluster is not known here: it is in the path of what to call.
    const isGap = /\{(?!id\})\w+\}|undefined|\[object/;
    for (const { code: told, message, remedy } of [...said.steps, ...said.warnings]) {
      expect([told, message, remedy].every((each) => each === null)).toBe(told === null);
      if (message === null) continue;
      expect(message).not.toMatch(isGap);
      expect(remedy).not.toMatch(isGap);
      expect(message).toMatch(language === 'zh' ? /[\u4e00-\u9fff]/ : /^[^\u4e00-\u9fff]+$/);
      expect(remedy).not.toBe('');
      // What the cluster itself said stands as it said it.
      if (language === 'zh' && told !== 'HTTP_5XX') expect(message).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/);
    }
  });

  test('is answered in the shape of the API, and kept in that of the record', () => {
    const validation = climbed.get(fault)!;
    expect(validationSchema.strict().parse(JSON.parse(JSON.stringify(validation)))).toEqual(validation);
    const said = sayValidation(validation, 'en');
    expect(saidValidation.strict().parse(JSON.parse(JSON.stringify(said)))).toEqual(said);
  });

  test('tells no secret', async () => {
    const text = JSON.stringify([climbed.get(fault), sayValidation(climbed.get(fault)!, 'en')]);
    const token = await theToken();
    const secrets = [token, token.split('.')[2]!, ...client.keyPem.split('\n').slice(1, -2)];
    for (const secret of [...secrets, 'the-pasted-secret', '-token-of-this-cluster', 'PRIVATE KEY']) {
      expect(text).not.toContain(secret);
    }
  });
});

test('docs/faults.md is current: npx vitest -u --project unit test/shared/clusters/ladder/faults.test.ts', async () => {
  await expect(faultTable(faultCases, climbed)).toMatchFileSnapshot('../../../../docs/faults.md');
});
