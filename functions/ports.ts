import { randomBytes } from 'node:crypto';
import { createLog } from '#log';
import { coreFamilies, countingErrors, TableMeter } from '#metrics';
import type { Ports } from '#reconcile';
import { readSettings, type Settings } from '#settings';
import { dynamoTable, type Table } from '#store';
import { systemClock } from '#time';
import { lambdaCouriers } from './couriers.ts';

export interface Drover extends Ports {
  settings: Settings & { version: string };
  table: Table;
  flush(): Promise<void>;
}

let built: Drover | undefined;

/** Everything a function works with, made at its first call and kept for the life of the process. */
export function drover(): Drover {
  built ??= build(process.env);
  return built;
}

function build(environment: NodeJS.ProcessEnv): Drover {
  const settings = readSettings(environment);
  const clock = systemClock;
  const log = createLog({ level: settings.logLevel });
  const table = dynamoTable({
    tableName: settings.table,
    ...(settings.storeEndpoint !== undefined && { endpoint: settings.storeEndpoint }),
    clock,
  });
  const meter = new TableMeter({ table, families: coreFamilies, log });
  return {
    settings: { ...settings, version: '0.1.0' },
    clock,
    random: randomBytes,
    log,
    meter,
    table: countingErrors(table, meter),
    couriers: lambdaCouriers(settings, clock, log),
    flush: () => meter.flush(),
  };
}
