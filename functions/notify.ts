import { areaHandlers } from './areaHandlers.ts';
import { drover } from './ports.ts';

/** Ticks and takes hand-overs; its records come with #notify. */
export const { tick, work } = areaHandlers(drover, () => ({
  area: { name: 'notify' },
  tick: async () => {},
  work: async () => {},
  drain: async () => {},
}));
