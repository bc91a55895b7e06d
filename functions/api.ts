import { lambdaHandler } from './http/handler.ts';
import { drover } from './ports.ts';

export const handler = lambdaHandler(drover);
