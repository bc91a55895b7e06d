import { test } from 'vitest';
import { joinAtOnce } from './joinAtOnce.ts';

test(
  '200 stores that join at once are in, each once, and leave no ghost',
  () => joinAtOnce({ size: 200, probeTakes: 250 }),
  300_000,
);
