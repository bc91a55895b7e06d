import type { z } from 'zod';
import type { NvAnswer, NvRequest, Pass, Way } from './access.ts';
import { neuvectorError } from './errors.ts';
import { jsonIn } from './jsonIn.ts';
import { secretsOf } from './pass.ts';
import { NvRefused, refusalOf } from './refused.ts';

export interface Asking {
  readonly way: Way;
  readonly pass?: Pass;
}

/** What every call may be given beside what it is about. */
export type CallOptions = Pick<NvRequest, 'timeout' | 'signal' | 'isPacked'>;

/** The answer where the controller did what was asked; `secrets` are those of the request's body. */
export async function ask(
  { way, pass }: Asking,
  request: NvRequest,
  secrets: readonly string[] = [],
): Promise<NvAnswer> {
  const answer = await way.send(request, pass);
  if (isYes(answer)) return answer;
  throw new NvRefused(refusalOf(answer, [...secretsOf(pass), ...secrets]), way.place);
}

export const isYes = ({ status }: Pick<NvAnswer, 'status'>): boolean => status >= 200 && status < 300;

/** Asks, and reads what comes back. */
export async function askFor<T>(
  asking: Asking,
  request: NvRequest,
  shape: z.ZodType<T>,
  secrets: readonly string[] = [],
): Promise<T> {
  const answer = await ask(asking, request, secrets);
  const read = shape.safeParse(jsonIn(answer.body));
  if (!read.success) throw notNeuvector(asking.way, request, answer);
  return read.data;
}

/** Asks for something to be done, of which there is nothing to tell. */
export async function askTo(
  asking: Asking,
  request: NvRequest,
  secrets: readonly string[] = [],
): Promise<void> {
  const answer = await ask(asking, request, secrets);
  // A page in place of an answer is somebody else's, and nothing was done.
  if (answer.body.length > 0 && jsonIn(answer.body) === undefined)
    throw notNeuvector(asking.way, request, answer);
}

export const notNeuvector = (
  { place }: Way,
  { method = 'GET', path }: NvRequest,
  { status }: Pick<NvAnswer, 'status'>,
) => neuvectorError('NOT_NEUVECTOR', { place, method, path, status });
