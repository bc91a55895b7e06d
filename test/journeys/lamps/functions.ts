import { createEngine } from '#reconcile';
import { areaHandlers } from '../../../functions/areaHandlers.ts';
import { drover } from '../../../functions/ports.ts';
import { lampsIn } from '../../example/lamps.ts';
import { houseIn } from './houseIn.ts';

export const { tick, work } = areaHandlers(drover, (ports) =>
  createEngine(lampsIn(houseIn(ports.table)), ports),
);
