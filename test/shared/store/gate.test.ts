import { expect, test } from 'vitest';
import { Gate } from '../../../shared/store/gate.ts';

test('a gate lets so many through at once, in their order, and goes on after a failure', async () => {
  const gate = new Gate(2);
  const entered: number[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const calls = [0, 1, 2, 3, 4].map((n) =>
    gate.through(
      () =>
        new Promise<void>((resolve, reject) => {
          entered.push(n);
          ends[n] = { resolve, reject };
        }),
    ),
  );
  const outcomes = Promise.allSettled(calls);
  const turn = () => new Promise(setImmediate);
  await turn();
  expect(entered).toEqual([0, 1]);
  ends[1]!.resolve();
  await turn();
  expect(entered).toEqual([0, 1, 2]);
  ends[0]!.reject(new Error('lost'));
  ends[2]!.resolve();
  await turn();
  expect(entered).toEqual([0, 1, 2, 3, 4]);
  ends[3]!.resolve();
  ends[4]!.resolve();
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  await gate.through(async () => {});
});
