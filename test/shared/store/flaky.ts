import { StoreUnanswered, type Table } from '#store';

export type Operation = Exclude<keyof Table, 'units'>;

/**
 * `lostBefore`: no answer, and nothing happened. `lostAfter`: no answer, yet it happened. `late`: no answer, and
 * it happens when the test says so.
 */
export type Fault = 'none' | 'lostBefore' | 'lostAfter' | 'late';

/** A table whose answers get lost as `fault` says, call by call. `land` carries out what is late, in order. */
export function flaky(
  table: Table,
  fault: (operation: Operation, count: number) => Fault,
): { table: Table; land(): Promise<void> } {
  let count = 0;
  let late: (() => Promise<unknown>)[] = [];

  async function meet<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
    const met = fault(operation, count++);
    if (met === 'none') return call();
    if (met === 'lostAfter') await call();
    if (met === 'late') late.push(call);
    throw new StoreUnanswered(operation);
  }

  return {
    table: {
      get: (...call) => meet('get', () => table.get(...call)),
      getMany: (...call) => meet('getMany', () => table.getMany(...call)),
      put: (...call) => meet('put', () => table.put(...call)),
      update: (...call) => meet('update', () => table.update(...call)),
      delete: (...call) => meet('delete', () => table.delete(...call)),
      add: (...call) => meet('add', () => table.add(...call)),
      query: (...call) => meet('query', () => table.query(...call)),
      get units() {
        return table.units;
      },
    },
    land: async () => {
      const landing = late;
      late = [];
      for (const call of landing) await call();
    },
  };
}
