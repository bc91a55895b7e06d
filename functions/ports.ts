import { randomBytes } from 'node:crypto';
import { createLog } from '#log';
import { countingErrors, TableMeter } from '#metrics';
import type { Ports } from '#reconcile';
import { readSettings, type Settings } from '#settings';
import { dynamoTable, type Table } from '#store';
import { systemClock } from '#time';
import packageJson from '../package.json' with { type: 'json' };
import { lambdaCouriers } from './couriers.ts';
import { families } from './families.ts';

export interface Drover extends Ports {
  settings: Settings & { version: string };
  table: Table;
  flush(): Promise<void>;
}

const { version } = packageJson;

let built: Drover | undefined;

/** Everything a function works with, made at its first call and kept for the life of the process. */
export function drover(): Drover {
  built ??= buildDrover(process.env);
  return built;
}

export function buildDrover(environment: NodeJS.ProcessEnv): Drover {
  const settings = readSettings(environment);
  const clock = systemClock;
  const log = createLog({ level: settings.logLevel });
  const plainTable = dynamoTable({
    tableName: settings.table,
    ...(settings.storeEndpoint !== undefined && { endpoint: settings.storeEndpoint }),
    clock,
  });
  const meter = new TableMeter({ table: plainTable, families, log });
  return {
    settings: { ...settings, version },
    clock,
    random: randomBytes,
    log,
    meter,
    table: countingErrors(plainTable, meter),
    couriers: lambdaCouriers(settings, clock, log),
    flush: () => meter.flush(),
  };
}
