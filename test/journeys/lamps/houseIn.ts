import type { Table } from '#store';
import type { House } from '../../example/lamps.ts';

/** A house that all processes see: its lamps are items of the table. */
export function houseIn(table: Table): House {
  const lamp = (id: string) => ({ pk: 'house', sk: id });
  return {
    look: async (id) => ({ isOn: (await table.get(lamp(id)))?.isOn === true }),
    turn: async (id, to) => void (await table.put({ ...lamp(id), isOn: to === 'on' })),
  };
}
