import { numberOf, textOf } from '../fields.ts';
import type { Family } from './family.ts';

const path = '/v1/host';

export const host: Family = {
  name: 'nv_host',
  officialHelp: 'host information of',
  officialType: 'gauge',
  help: { nv_host_memory: 'Bytes of memory of the node.' },
  read({ ask, samples, target }) {
    return ask.each(path, 'hosts', (told) => {
      if (!told) return samples.loseOf(path);
      const labels = { id: textOf(told.id), name: textOf(told.name), target };
      samples.add('nv_host_memory', labels, numberOf(told.memory), path);
    });
  },
};
