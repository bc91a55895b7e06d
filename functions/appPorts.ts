import { fetchJsonOver } from '#auth';
import { clusterGauges, clustersArea, fleetGauges } from '#clusters';
import { coreArea } from '#core';
import { joinArea, membershipGauges } from '#join';
import { buildInfo, dueAgesOf, looksOf, recordCountsOf, recordLooksOf, ticksOf } from '#metrics';
import { notifyDueAreas } from '#notify';
import { createEngine } from '#reconcile';
import { areaNames } from './areas.ts';
import { families } from './families.ts';
import type { AppPorts } from './http/appPorts.ts';
import type { Drover } from './ports.ts';

/** What the HTTP app works with. */
export function appPortsOf(ports: Drover): AppPorts {
  const { table, clock, settings } = ports;
  const { records: core } = createEngine(coreArea, ports);
  const { records: clusters } = createEngine(clustersArea, ports);
  const { records: joins } = createEngine(joinArea, ports);
  // Loaded when an address is to be dialled or looked at: undici would cost every cold start some 40 ms.
  const net = async () => (await import('./net.ts')).netOf(ports);
  return {
    ...ports,
    core,
    areaNames,
    metrics: {
      families,
      providers: [
        buildInfo(settings.version),
        ticksOf(table, areaNames),
        dueAgesOf(table, [...areaNames, ...notifyDueAreas], clock),
        recordCountsOf(coreArea, core),
        recordCountsOf(clustersArea, clusters),
        fleetGauges(clusters),
        clusterGauges(clustersArea, clusters, table, clock),
        recordCountsOf(joinArea, joins),
        membershipGauges(joins, table, clock),
        looksOf(table, areaNames, clock),
        recordLooksOf(table, areaNames, clock),
      ],
    },
    fetchJson: async (url) => fetchJsonOver(await net())(url),
    vetWebhook: async (url) => {
      await (await net()).vet('webhook', url);
    },
  };
}
