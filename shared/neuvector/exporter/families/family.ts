import type { Questions } from '../questions.ts';
import type { Samples } from '../samples.ts';

export interface Reading {
  readonly ask: Questions;
  readonly samples: Samples;
  /** Host part of the controller's address, as the official exporter has it. */
  readonly target: string;
  /** As the official exporter has it, defects included. */
  readonly compat: boolean;
}

/** What one kind of metric is made of. */
export interface Family {
  /** As the official exporter names it. */
  readonly name: string;
  /** Its line of HELP, before the target. */
  readonly officialHelp: string;
  readonly officialType: 'gauge' | 'summary';
  /** Its samples with what they tell. */
  readonly help: Readonly<Record<string, string>>;
  /** What becomes of several samples with the same labels; the first stands where nothing is said. */
  readonly repeated?: 'add';
  read(reading: Reading): Promise<void>;
}
