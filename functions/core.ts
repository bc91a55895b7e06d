import { areaHandlers } from './areaHandlers.ts';
import { drover } from './ports.ts';

/** Ticks and takes hand-overs; its records come with #core. */
export const { tick, work } = areaHandlers(drover, () => ({
  area: { name: 'core' },
  tick: async () => {},
  work: async () => {},
  drain: async () => {},
}));
