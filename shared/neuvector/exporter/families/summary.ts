import { type Fields, numberOf, textOf } from '../fields.ts';
import type { Family } from './family.ts';

const path = '/v1/system/summary';

/** In the order of the official exporter, with the fields they are read from. */
const counts: [name: string, field: string, help: string][] = [
  ['services', 'services', 'Services.'],
  ['policy', 'policy_rules', 'Network rules.'],
  ['runningWorkloads', 'running_workloads', 'Containers that run.'],
  ['totalWorkloads', 'workloads', 'Containers, those that ended included.'],
  ['hosts', 'hosts', 'Nodes.'],
  ['controllers', 'controllers', 'Controllers of NeuVector.'],
  ['enforcers', 'enforcers', 'Enforcers of NeuVector.'],
  ['pods', 'running_pods', 'Pods that run.'],
  ['disconnectedEnforcers', 'disconnected_enforcers', 'Enforcers that are out of touch.'],
];

export const summary: Family = {
  name: 'nv_summary',
  officialHelp: 'A summary of',
  officialType: 'summary',
  help: {
    ...Object.fromEntries(counts.map(([name, , help]) => [`nv_summary_${name}`, help])),
    nv_summary_cvedbVersion: 'Version of the vulnerability database; 1 where there is none.',
    nv_summary_cvedbTime:
      'When the vulnerability database was made, in milliseconds since 1970; 0 where there is none.',
  },
  async read({ ask, samples, target, compat }) {
    const told = await ask.one(path, 'summary');
    const add = (name: string, value: number | undefined) =>
      samples.add(`nv_summary_${name}`, { target }, value, path);
    for (const [name, field] of counts) add(name, numberOf(told[field]));
    const made = textOf(told.cvedb_create_time);
    add('cvedbVersion', made === '' ? 1 : numberOf(told.cvedb_version));
    add('cvedbTime', made === '' ? 0 : madeAt(told, compat));
  },
};

function madeAt({ cvedb_create_time: given }: Fields, compat: boolean): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(textOf(given));
  if (!parts) return undefined;
  const [year, month, ...rest] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // The official exporter reads a time of UTC as one of its own time zone.
  return compat ? new Date(year, month - 1, ...rest).getTime() : Date.UTC(year, month - 1, ...rest);
}
