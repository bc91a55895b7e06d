import { dynamoTable } from '#store';
import { systemClock } from '#time';
import { createTable } from '../../../infra/aws/createTable.ts';
import type { Subject } from './contract.ts';
import type { Emulator } from './dynalite.ts';

/** A fresh table in an emulator, as the contract wants it. */
export async function subjectOver(
  emulator: Emulator,
  tableName = 'drover',
): Promise<Subject & { close(): void }> {
  let now = 0;
  await createTable(emulator.endpoint, tableName);
  const table = dynamoTable({
    endpoint: emulator.endpoint,
    tableName,
    clock: { ...systemClock, now: () => now },
  });
  return {
    table,
    close: () => table.close(),
    setNow: (millis) => {
      now = millis;
    },
  };
}
