import type { Kube } from './kube.ts';

export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: journeys look into answers of every shape
  body: any;
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answered>;

/** Where a journey plays: a Drover, and a cluster that it can reach. */
export interface Stage {
  /** Drover's API, as its administrator. */
  call: Call;
  kube: Kube;
  /** What the cluster's version ends in, where it is a simulated one. */
  isSimulated: boolean;
  /** Of everything that is made, so that one journey does not meet another's. */
  prefix: string;
}

export const clusters = '/api/v1/clusters';

/** Waits on the record itself until it is as expected. */
export async function until(
  { call }: Pick<Stage, 'call'>,
  name: string,
  isSo: (cluster: Answered['body']) => boolean,
  seconds = 60,
): Promise<Answered['body']> {
  const end = performance.now() + seconds * 1_000;
  let version = 0;
  for (;;) {
    const { status, body } = await call('GET', `${clusters}/${name}?wait=5&version=${version}`);
    if (status === 200 && isSo(body)) return body;
    if (performance.now() > end) throw new Error(`Not so after ${seconds} s: ${JSON.stringify(body)}`);
    // What changes without a new version (a look) is asked for as well.
    version = status === 200 ? body.version : 0;
  }
}

export const untilHealthy = (stage: Pick<Stage, 'call'>, name: string) =>
  until(stage, name, ({ state }) => state === 'healthy');

/** A status that is not expected is told with all that was said. */
export async function expectStatus(answer: Promise<Answered>, status: number): Promise<Answered> {
  const answered = await answer;
  if (answered.status !== status) {
    throw new Error(`${answered.status} in place of ${status}: ${JSON.stringify(answered.body)}`);
  }
  return answered;
}
