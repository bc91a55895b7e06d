import { answerCoreCall, coreArea } from '#core';
import { createEngine } from '#reconcile';
import { areaHandlers } from './areaHandlers.ts';
import { drover } from './ports.ts';

export const { tick, work } = areaHandlers(
  drover,
  (ports) => createEngine(coreArea, ports),
  (request, ports) => answerCoreCall(request, { ...ports, core: createEngine(coreArea, ports).records }),
);
