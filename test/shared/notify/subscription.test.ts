import { expect, test } from 'vitest';
import { KnownSubscriptions, type Subscription } from '../../../shared/notify/subscription.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aSubscription } from './aNotify.ts';

test('one that was paused a moment ago is sent what is asked for since, and read again for nothing older', async () => {
  const clock = new SteppedClock();
  let stored: Subscription[] = [aSubscription('whk_1', { isPaused: true })];
  let readings = 0;
  const list = async () => {
    readings++;
    return stored;
  };
  const known = new KnownSubscriptions({ list }, clock);
  expect(await known.receiving('whk_1', clock.now())).toBe('WEBHOOK_PAUSED');
  const before = clock.now() - 1;
  stored = [aSubscription('whk_1')];
  await clock.step(1);
  const sinceRead = readings;
  expect(await known.receiving('whk_1', before)).toBe('WEBHOOK_PAUSED');
  expect(readings).toBe(sinceRead);
  expect(await known.receiving('whk_1', clock.now())).toMatchObject({ id: 'whk_1' });
  stored = [];
  await clock.step(1);
  expect(await known.receiving('whk_1', 0)).toMatchObject({ id: 'whk_1' });
  await clock.step(5_000);
  expect(await known.receiving('whk_1', 0)).toBe('WEBHOOK_NOT_FOUND');
});
