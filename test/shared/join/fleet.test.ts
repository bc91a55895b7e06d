import { test } from 'vitest';
import { joinAtOnce } from './joinAtOnce.ts';

test(
  'a fleet that joins at once is in, each store once, and leaves no ghost',
  () => joinAtOnce({ size: 60, probeTakes: 350 }),
  90_000,
);
