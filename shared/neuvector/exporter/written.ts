import { headText, sampleText } from './exposition.ts';
import type { Family } from './families/family.ts';
import type { Sample, Samples } from './samples.ts';

/** A family as text, in pieces. */
export type Written = Iterable<string>;

/**
 * As the official exporter prints it: its samples' names are not the family's, so that Prometheus takes them for untyped,
 * and some may come twice.
 */
export function* asOfficial(family: Family, samples: Samples, target: string): Written {
  yield headText(family.name, `${family.officialHelp} ${target}`, family.officialType);
  for (const { name, labels, value } of samples) yield sampleText(name, labels, value);
}

/** Each name of a sample with a head of its own, and no series twice. */
export function* asDrover(family: Family, samples: Samples): Written {
  const values = merged(family, samples);
  for (const [name, help] of Object.entries(family.help)) {
    const ofName = values.get(name);
    if (!ofName) continue;
    yield headText(name, help, 'gauge');
    for (const [labels, value] of ofName) yield sampleText(name, labels, value);
  }
}

function merged({ repeated }: Family, samples: Iterable<Sample>): Map<string, Map<string, number>> {
  const values = new Map<string, Map<string, number>>();
  for (const { name, labels, value } of samples) {
    const ofName = values.get(name) ?? new Map<string, number>();
    values.set(name, ofName);
    const before = ofName.get(labels);
    if (before === undefined) ofName.set(labels, value);
    else if (repeated === 'add') ofName.set(labels, before + value);
  }
  return values;
}
