import { keys } from '#store';

/** What one scrape asks for. */
export interface View {
  /** Counters, histograms and the gauges of the fleet. */
  fleet: boolean;
  /** The slices whose records' series are wanted. */
  slices: readonly number[];
}

const allSlices = Array.from({ length: keys.slices }, (_, slice) => slice);

/**
 * Reads `?slices=`. Absent: everything. `none`: what is not per record. `7` or `16-31`: the series of those slices'
 * records and nothing else, so that several scrapes together hold each series once. Undefined: none of these.
 */
export function readView(slices: string | undefined): View | undefined {
  if (slices === undefined) return { fleet: true, slices: allSlices };
  if (slices === 'none') return { fleet: true, slices: [] };
  const [, from, to = from] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(slices) ?? [];
  const wanted = allSlices.filter((slice) => slice >= Number(from) && slice <= Number(to));
  return wanted.length > 0 ? { fleet: false, slices: wanted } : undefined;
}
