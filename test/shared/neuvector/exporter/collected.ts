import { type Collected, type CollectOptions, collect } from '#neuvector/exporter';
import { systemClock } from '#time';
import { type Answering, answering } from './answering.ts';
import type { Answers } from './scenarios.ts';

export interface TestCollected extends Collected {
  readonly written: string;
  readonly controller: Answering;
  /** Families that are not whole, with the codes of why. */
  readonly failures: Record<string, string>;
}

/** What is collected of a controller that says this. */
export async function collected(
  answers: Answers,
  options: Partial<CollectOptions> = {},
  controller = answering(answers),
): Promise<TestCollected> {
  const target = '127.0.0.1';
  const all = { target, compat: false, enforcerStats: true, clock: systemClock, ...options };
  const read = await collect(controller, all);
  return {
    ...read,
    controller,
    written: Buffer.from(read.text).toString('utf8'),
    failures: Object.fromEntries(
      read.families.flatMap(({ name, failure }) => {
        if (!failure) return [];
        return [[name, 'refusal' in failure ? String(failure.refusal.status) : failure.code]];
      }),
    ),
  };
}
