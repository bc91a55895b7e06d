import { describe, expect, it } from 'vitest';
import { minute, second } from '#time';
import { movedTo } from '../../../example/lamps.ts';
import { Scenario } from './scenario.ts';
import type { Fault, Operation } from './sim.ts';
import { byUser } from './world.ts';

/** One day in the life of two lamps: created, changed, moved, failing and well again, deleted. */
async function story(fault?: {
  at: number;
  kind: Fault;
}): Promise<{ wrong: string[]; operations: Operation[] }> {
  const world = new Scenario(7);
  const operations: Operation[] = [];
  world.sim.faultOf = (operation) => {
    operations.push(operation);
    return operation.index === fault?.at ? fault.kind : undefined;
  };
  world.startCron();
  const unanswered = () => undefined;
  const porch = world.create('porch');
  porch.answer.catch(unanswered);
  world.create('hall', { everySeconds: 300, wants: 'off' }).answer.catch(unanswered);
  await world.run(3 * second);
  world.change('porch', () => ({ wants: 'off', blinks: 2 })).answer.catch(unanswered);
  await world.run(minute);
  world
    .request((records) => records.change('hall', 'lamp', () => ({ secret: movedTo('floor') }), byUser))
    .answer.catch(unanswered);
  world.dark.add(porch.id);
  await world.run(2 * minute);
  world.dark.delete(porch.id);
  await world.run(30 * second);
  world.remove('porch').answer.catch(unanswered);
  await world.run(minute);
  await world.calmDown();
  return { wrong: world.verdict(), operations };
}

const faults: Fault[] = [
  { kind: 'crashBefore' },
  { kind: 'crashAfter' },
  { kind: 'lostRequest' },
  { kind: 'lostAnswer' },
  { kind: 'lands', after: 12 * second },
  { kind: 'lands', after: 280 * second },
  { kind: 'pause', for: 25 * second },
  { kind: 'pause', for: 320 * second },
];

const reads = ['get', 'getMany', 'query', 'look'];

/** A read that is lost is lost, late or not; a tick that only reads has nothing to be late with. */
function isWorth({ process, verb }: Operation, { kind }: Fault): boolean {
  if (!reads.includes(verb)) return true;
  if (kind === 'crashBefore' || kind === 'lostRequest') return true;
  return kind === 'pause' && process.name !== 'tick';
}

describe('one fault, at each operation in turn', () => {
  const name = (fault: Fault) => JSON.stringify(fault);
  it.each(faults.map((fault) => [name(fault), fault] as const))(
    '%s',
    { timeout: 120_000 },
    async (_name, kind) => {
      const { operations, wrong } = await story();
      expect(wrong).toEqual([]);
      for (const { index } of operations.filter((operation) => isWorth(operation, kind))) {
        expect({ index, wrong: (await story({ at: index, kind })).wrong }).toEqual({ index, wrong: [] });
      }
    },
  );
});
