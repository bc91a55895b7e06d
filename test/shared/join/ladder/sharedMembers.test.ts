import { expect, test } from 'vitest';
import type { NvAnswer, Pass, Way } from '#neuvector';
import { second } from '#time';
import { SharedMembers } from '../../../../shared/join/ladder/sharedMembers.ts';
import { PushedClock } from '../../../fixtures/pushedClock.ts';

const answer: NvAnswer = { status: 200, headers: {}, body: Buffer.from('{"fed_role":"master"}') };
const session = (token: string): Pass => ({ kind: 'session', token });

function aPrimary(answered: () => Promise<NvAnswer> = async () => answer) {
  let asked = 0;
  const way: Way = {
    place: 'primary:10443',
    send: () => {
      asked++;
      return answered();
    },
    stream: () => Promise.reject(new Error('not asked')),
    close: async () => undefined,
  };
  return { way, asked: () => asked };
}

test('many that look at once have the primary asked once, and anew after ten seconds', async () => {
  const clock = new PushedClock();
  const members = new SharedMembers({ clock });
  const { way, asked } = aPrimary();
  const look = () => members.of({ way, pass: session('a') });
  await Promise.all([look(), look(), look()]);
  expect(asked()).toBe(1);
  clock.push(10 * second);
  await look();
  expect(asked()).toBe(2);
});

test('who is signed in by another pass is answered by the primary itself', async () => {
  const members = new SharedMembers({ clock: new PushedClock() });
  const { way, asked } = aPrimary();
  await members.of({ way, pass: session('a') });
  await members.of({ way, pass: session('b') });
  await members.of({ way, pass: { kind: 'apiKey', name: 'a', secret: 'a' } });
  expect(asked()).toBe(3);
});

test('a failure is told to those who wait for it, and to nobody after', async () => {
  const members = new SharedMembers({ clock: new PushedClock() });
  const answers = [Promise.reject(new Error('gone')), Promise.resolve(answer)];
  const { way } = aPrimary(() => answers.shift()!);
  const look = () => members.of({ way, pass: session('a') });
  const first = await Promise.allSettled([look(), look()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await look()).role).toBe('master');
});
