import { isObject, type Json } from './json.ts';
import type { Transcript } from './transcript.ts';

/** One field in which two worlds differ. `undefined` is its absence. */
export interface Difference {
  /** `2.body.metadata.labels.a`: of the case's third answer. */
  field: string;
  /** What was asked for it. */
  request: string;
  real: Json | undefined;
  simulated: Json | undefined;
}

export function compare(real: Transcript, simulated: Transcript): Difference[] {
  const differences: Difference[] = [];
  for (let index = 0; index < Math.max(real.length, simulated.length); index += 1) {
    const [a, b] = [real[index], simulated[index]] as unknown as [Json | undefined, Json | undefined];
    const request = labelOf(real[index] ?? simulated[index]);
    for (const found of fields(a, b, String(index))) differences.push({ ...found, request });
  }
  return differences;
}

const labelOf = (entry: Transcript[number] | undefined): string =>
  entry === undefined
    ? ''
    : 'request' in entry
      ? entry.request
      : 'watch' in entry
        ? `watch ${entry.watch}`
        : entry.note;

function* fields(
  real: Json | undefined,
  simulated: Json | undefined,
  field: string,
): Generator<Omit<Difference, 'request'>> {
  if (Array.isArray(real) && Array.isArray(simulated)) {
    for (let index = 0; index < Math.max(real.length, simulated.length); index += 1) {
      yield* fields(real[index], simulated[index], `${field}.${index}`);
    }
  } else if (isObject(real) && isObject(simulated)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(simulated)])) {
      yield* fields(real[key], simulated[key], `${field}.${key}`);
    }
  } else if (real !== simulated) {
    yield { field, real, simulated };
  }
}

/** For people: which answer, which field, and both values. */
export const explain = (differences: readonly Difference[]): string =>
  differences
    .map(
      ({ field, request, real, simulated }) =>
        `${request}\n  ${field}\n    real:      ${shown(real)}\n    simulated: ${shown(simulated)}`,
    )
    .join('\n');

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? '(absent)' : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
};
