import { isFailure } from '../failure.ts';
import { type Fields, numberOf, textOf } from '../fields.ts';
import type { Samples } from '../samples.ts';
import type { Family, Reading } from './family.ts';

/** Of each kind of event, in the order in which they are answered. */
const most = 5;

interface Kind {
  readonly name: 'threat' | 'incident' | 'violation';
  /** In alphabetical order. */
  labels(told: Fields, reading: Pick<Reading, 'target' | 'compat'>): Readonly<Record<string, string>>;
}

const threat: Kind = {
  name: 'threat',
  labels: (told, { target, compat }) => ({
    fromname: textOf(told.client_workload_name),
    fromns: textOf(told.client_workload_domain),
    id: textOf(told.id),
    log: 'threat',
    name: textOf(told.name),
    target,
    toname: textOf(told.server_workload_name),
    // The official exporter has the name here too.
    tons: textOf(compat ? told.server_workload_name : told.server_workload_domain),
  }),
};

const incident: Kind = {
  name: 'incident',
  labels: (told, { target, compat }) => ({
    // The official exporter leaves the cluster out of what happened on a node and not in a workload.
    cluster: compat && told.workload_name === undefined ? '' : textOf(told.cluster_name),
    // Several names, which the official exporter cannot print: its scrape fails. With `compat` too they are one text.
    filename: textOf(told.file_name),
    filepath: textOf(told.file_path),
    fromid: textOf(told.workload_id),
    fromname: textOf(told.workload_name),
    fromns: textOf(told.workload_domain),
    id: textOf(told.id),
    log: 'incident',
    name: textOf(told.name),
    proccmd: textOf(told.proc_cmd),
    procname: textOf(told.proc_name),
    procpath: textOf(told.proc_path),
    target,
    toname: ' ',
    tons: ' ',
  }),
};

const violation: Kind = {
  name: 'violation',
  labels: (told, { target }) => ({
    fromid: textOf(told.client_id),
    fromname: textOf(told.client_name),
    fromns: textOf(told.client_domain),
    id: textOf(told.id),
    log: 'violation',
    name: 'Network Violation',
    target,
    toname: textOf(told.server_name),
    tons: textOf(told.server_domain),
  }),
};

export const log: Family = {
  name: 'nv_log',
  officialHelp: 'log of',
  officialType: 'gauge',
  help: {
    nv_log_events: 'When one of the first five events of its kind was reported, in milliseconds since 1970.',
  },
  async read(reading) {
    const parts = [threat, incident, violation].map((kind) =>
      reading.samples.part((samples) => events({ ...reading, samples }, kind)),
    );
    const [, , ofViolations] = await Promise.all(parts);
    // The official exporter has none of the three where it cannot read the last.
    if (reading.compat && isFailure(ofViolations)) throw ofViolations;
  },
};

function events({ ask, samples, ...reading }: Reading, { name, labels }: Kind): Promise<void> {
  const path = `/v1/log/${name}`;
  const show = (told: Fields | undefined) => {
    if (told) add(samples, labels(told, reading), told, path);
    else samples.loseOf(path);
  };
  return ask.each(path, `${name}s`, show, { most });
}

function add(samples: Samples, labels: Record<string, string>, told: Fields, path: string): void {
  const seconds = numberOf(told.reported_timestamp);
  samples.add('nv_log_events', labels, seconds === undefined ? undefined : seconds * 1000, path);
}
