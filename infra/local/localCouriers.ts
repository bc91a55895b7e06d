import type { Couriers } from '#reconcile';
import { buildDrover } from '../../functions/ports.ts';

/** To the functions of the run that has this environment, as they reach each other. */
export const localCouriers = (environment: NodeJS.ProcessEnv): Couriers => buildDrover(environment).couriers;
