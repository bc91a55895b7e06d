import type { JoinCall, Preflight, Prepared, Scraped } from '#join';
import type { Couriers, Json } from '#reconcile';

interface Answers {
  prepare: Prepared;
  preflight: Preflight;
  scrape: Scraped;
}

type Asked<D extends keyof Answers> = Extract<JoinCall, { do: D }>;

/** Asks the worker: this function has no right to the key, and dials nobody. */
export const askWorker = async <D extends keyof Answers>(
  couriers: Couriers,
  call: Asked<D>,
): Promise<Answers[D]> =>
  (await couriers.call('join', call as unknown as { [name: string]: Json })) as unknown as Answers[D];
