import { headText, numberText } from './exposition.ts';
import type { Family } from './families/family.ts';
import { Output } from './output.ts';
import type { Samples } from './samples.ts';
import { mergeRepeated, type Slab } from './series.ts';

/** What was read of a family. */
export interface Read {
  readonly family: Family;
  readonly samples: Samples;
}

export interface Style {
  readonly target: string;
  readonly compat: boolean;
}

/** A space, the longest number and the end of a line. */
const longestEnd = 27;

/** All families as exposition text. */
export function written(all: readonly Read[], { target, compat }: Style): Uint8Array {
  const prints = all.map((read) => (compat ? asOfficial(read, target) : asDrover(read)));
  const out = new Output(prints.reduce((sum, { room }) => sum + room, 0));
  for (const { print } of prints) print(out);
  return out.whole;
}

interface Print {
  /** Bytes that it takes at most. */
  readonly room: number;
  print(out: Output): void;
}

/**
 * As the official exporter prints it: its samples' names are not the family's, so that Prometheus takes them for untyped,
 * and some may come twice.
 */
function asOfficial({ family, samples }: Read, target: string): Print {
  const head = headText(family.name, `${family.officialHelp} ${target}`, family.officialType);
  return {
    room: Buffer.byteLength(head) + roomOf(samples),
    print(out) {
      out.text(head);
      for (const series of samples.series) {
        for (const slab of series.slabs) for (const at of slab) line(out, slab, at);
        series.release();
      }
    },
  };
}

/** Each name of a sample with a head of its own, and no series twice. */
function asDrover({ family, samples }: Read): Print {
  const heads = Object.entries(family.help).map(([name, help]) => headText(name, help, 'gauge'));
  return {
    room: heads.reduce((sum, head) => sum + Buffer.byteLength(head), roomOf(samples)),
    print(out) {
      const { series } = samples;
      mergeRepeated(series, family.repeated);
      const slabs = series.flatMap((one) => one.slabs);
      for (const [name, head] of heads.entries()) {
        let isBegun = false;
        for (const slab of slabs) {
          for (const at of slab) {
            if (slab.nameOf(at) !== name) continue;
            if (!isBegun) out.text(head);
            isBegun = true;
            line(out, slab, at);
          }
        }
      }
      for (const one of series) one.release();
    },
  };
}

function roomOf(samples: Samples): number {
  return samples.bytes + samples.series.reduce((sum, { size }) => sum + size, 0) * longestEnd;
}

function line(out: Output, slab: Slab, at: number): void {
  out.bytes((to, toAt) => slab.copyText(at, to, toAt));
  out.text(` ${numberText(slab.valueOf(at))}\n`);
}
