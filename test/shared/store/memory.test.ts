import { MemoryTable } from '#store';
import { contract } from './contract.ts';

let now = 0;
const table = new MemoryTable(() => now);

contract('in memory', () => ({
  table,
  setNow: (millis) => {
    now = millis;
  },
}));
