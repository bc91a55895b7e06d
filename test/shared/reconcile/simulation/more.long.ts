import { it } from 'vitest';
import { expectPromisesKept } from './runSchedules.ts';

it('the engine in simulation keeps its promises in 7,000 further schedules', { timeout: 600_000 }, () =>
  expectPromisesKept(3_001, 7_000),
);
