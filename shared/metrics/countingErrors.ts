import type { Meter } from '#reconcile';
import { StoreRefused, StoreUnanswered, type Table } from '#store';

/** The same table; what it fails to do is counted on its way to the caller. */
export function countingErrors(table: Table, meter: Meter): Table {
  const counted = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      const kind =
        error instanceof StoreUnanswered
          ? 'unanswered'
          : error instanceof StoreRefused
            ? 'refused'
            : undefined;
      if (kind !== undefined) meter.count('drover_store_errors_total', { kind });
      throw error;
    }
  };
  return {
    get: (...call) => counted(table.get(...call)),
    getMany: (...call) => counted(table.getMany(...call)),
    put: (...call) => counted(table.put(...call)),
    update: (...call) => counted(table.update(...call)),
    delete: (...call) => counted(table.delete(...call)),
    add: (...call) => counted(table.add(...call)),
    query: (...call) => counted(table.query(...call)),
    get units() {
      return table.units;
    },
  };
}
