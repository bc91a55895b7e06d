import { fetchJsonOver } from '#auth';
import { coreArea } from '#core';
import {
  buildInfo,
  coreFamilies,
  dueAgesOf,
  looksOf,
  recordCountsOf,
  recordLooksOf,
  ticksOf,
} from '#metrics';
import { createEngine } from '#reconcile';
import { areaNames } from './areas.ts';
import { closedOrigins } from './closedOrigins.ts';
import { lambdaHandler } from './http/handler.ts';
import { drover } from './ports.ts';

const answer = lambdaHandler(() => {
  const ports = drover();
  const { records: core } = createEngine(coreArea, ports);
  return {
    ...ports,
    core,
    areaNames,
    metrics: {
      families: coreFamilies,
      providers: [
        buildInfo(ports.settings.version),
        ticksOf(ports.table, areaNames),
        dueAgesOf(ports.table, areaNames, ports.clock),
        recordCountsOf(coreArea, core),
        looksOf(ports.table, areaNames, ports.clock),
        recordLooksOf(ports.table, areaNames, ports.clock),
      ],
    },
    fetchJson: async (url) => {
      // Loaded when an access token is to be checked: undici would cost every cold start some 40 ms.
      const { netOf } = await import('./net.ts');
      return fetchJsonOver(netOf(ports))(url);
    },
    vetWebhook: async (url) => {
      const { netOf } = await import('./net.ts');
      await netOf(ports).vet('webhook', url);
    },
  };
});

export const handler = closedOrigins(answer, process.env);
