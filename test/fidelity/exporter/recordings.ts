import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answers, scenarios } from '../../shared/neuvector/exporter/scenarios.ts';

/** What the official exporter said of each of the scenarios. */
export const recordings = join(import.meta.dirname, 'recorded');

export interface ScenarioFile {
  readonly file: string;
  readonly answers: Answers;
  /** Where the official exporter ran: it reads times of UTC as those of there. */
  readonly timeZone: string;
}

export const scenarioFiles: readonly ScenarioFile[] = [
  ...Object.entries(scenarios).map(([file, answers]) => ({ file, answers, timeZone: 'UTC' })),
  { file: 'usual in Shanghai', answers: scenarios.usual!, timeZone: 'Asia/Shanghai' },
];

export const recorded = (file: string): string => readFileSync(join(recordings, `${file}.txt`), 'utf8');
