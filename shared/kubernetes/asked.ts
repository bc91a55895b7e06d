import type { KubeAnswer, KubeConnection, KubeRequest } from './access.ts';
import { problemOf } from './problemOf.ts';

/** The answer where the cluster did what was asked, else its problem. */
export async function asked(connection: KubeConnection, request: KubeRequest): Promise<KubeAnswer> {
  const answer = await connection.send(request);
  const problem = problemOf(answer);
  if (problem) throw problem;
  return answer;
}

/** What every call may be given beside what it is about. */
export type CallOptions = Pick<KubeRequest, 'timeout' | 'maxBytes' | 'signal'>;
