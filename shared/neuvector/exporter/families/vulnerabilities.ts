import { type Fields, fieldsOf, numberOf, textOf } from '../fields.ts';
import type { Samples } from '../samples.ts';
import type { Family, Reading } from './family.ts';

type Kind = 'image' | 'platform' | 'container';

const shared = (kind: Kind, of: string) => ({
  name: `nv_${kind}_vulnerability`,
  officialHelp: `${kind} vulnerability of`,
  officialType: 'gauge' as const,
  help: {
    [`nv_${kind}_vulnerabilityHigh`]: `Vulnerabilities of high severity in ${of}.`,
    [`nv_${kind}_vulnerabilityMedium`]: `Vulnerabilities of medium severity in ${of}.`,
  },
});

/** High and medium, both or none of them. */
function add(
  samples: Samples,
  kind: Kind,
  labels: Record<string, string>,
  found: Fields,
  path: string,
): void {
  samples.add(`nv_${kind}_vulnerabilityHigh`, labels, numberOf(found.high), path);
  samples.add(`nv_${kind}_vulnerabilityMedium`, labels, numberOf(found.medium), path);
}

const hasNone = (found: Fields) => found.high === 0 && found.medium === 0;

const registries = '/v1/scan/registry';

export const image: Family = {
  ...shared('image', 'an image of a scanned registry'),
  async read(reading) {
    const names: string[] = [];
    await reading.ask.each(registries, 'summarys', (told) => {
      const name = textOf(told?.name);
      if (name === '') return reading.samples.loseOf(registries);
      names.push(name);
    });
    await Promise.all(
      names.map((name) => reading.samples.part((samples) => imagesOf({ ...reading, samples }, name))),
    );
  },
};

function imagesOf({ ask, samples, target, compat }: Reading, registry: string): Promise<void> {
  const path = `${registries}/${encodeURIComponent(registry)}/images`;
  const look = (told: Fields | undefined) => {
    if (!told) return samples.loseOf(path);
    // Here alone the official exporter has samples of what nothing was found in.
    if (!compat && hasNone(told)) return;
    const name = `${textOf(told.repository)}:${textOf(told.tag)}`;
    add(samples, 'image', { imageid: textOf(told.image_id), name, target }, told, path);
  };
  // One short answer for each of many registries.
  return ask.each(path, 'images', look, { isPacked: false });
}

const platforms = '/v1/scan/platform';

export const platform: Family = {
  ...shared('platform', 'the platform'),
  read({ ask, samples, target }) {
    return ask.each(platforms, 'platforms', (told) => {
      if (!told) return samples.loseOf(platforms);
      if (!hasNone(told)) add(samples, 'platform', { name: textOf(told.platform), target }, told, platforms);
    });
  },
};

const workloads = '/v1/workload';

export const container: Family = {
  ...shared('container', 'the first container of a service in which some were found'),
  read({ ask, samples, target }) {
    const done = new Set<string>();
    const look = (told: Fields | undefined) => {
      if (!told) return samples.loseOf(workloads);
      const service = textOf(told.service);
      const found = fieldsOf(told.scan_summary);
      // Where there is none it was never scanned.
      if (told.service_mesh_sidecar === true || !found || hasNone(found) || done.has(service)) return;
      add(samples, 'container', { service, target }, found, workloads);
      done.add(service);
    };
    return ask.each(workloads, 'workloads', look, { query: { brief: 'true' } });
  },
};
