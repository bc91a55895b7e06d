import { appPortsOf } from './appPorts.ts';
import { closedOrigins } from './closedOrigins.ts';
import { areaRoutes } from './http/areaRoutes.ts';
import { lambdaHandler } from './http/handler.ts';
import { drover } from './ports.ts';

const answer = lambdaHandler(() => appPortsOf(drover()), areaRoutes);

export const handler = closedOrigins(answer, process.env);
