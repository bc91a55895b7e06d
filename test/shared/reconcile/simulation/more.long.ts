import { it } from 'vitest';
import { expectPromisesKept } from './runSchedules.ts';

it('the engine in simulation keeps its promises in 8,000 further schedules', { timeout: 600_000 }, () =>
  expectPromisesKept(2_001, 8_000),
);
