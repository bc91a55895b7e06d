import { answeringFaults } from './answering.ts';
import type { FaultCase } from './making.ts';
import { parsingFaults } from './parsing.ts';
import { reachingFaults } from './reaching.ts';

/** In the order of the rungs. */
export const faultCases: readonly FaultCase[] = [...parsingFaults, ...reachingFaults, ...answeringFaults];
