import type { DroverError } from '#errors';
import { type KubeAnswer, problemOf } from '#kubernetes';
import { neuvectorError } from './errors.ts';
import { jsonIn } from './jsonIn.ts';

export interface Service {
  namespace: string;
  service: string;
  port: number;
}

/** What the API server itself says in place of a controller; undefined for a controller's own answer. */
export function proxyProblemOf(answer: KubeAnswer, service: Service): DroverError | undefined {
  if (answer.status < 400) return undefined;
  const said = jsonIn(answer.body) as { kind?: unknown; message?: unknown } | undefined;
  // No error of a controller has a kind.
  if (said?.kind !== 'Status') return undefined;
  const problem = problemOf(answer);
  const values = { ...problem?.values, ...service };
  const message = String(said.message);
  switch (answer.status) {
    case 404:
      return neuvectorError('SERVICE_UNKNOWN', values);
    case 503:
      if (message.startsWith('no endpoints available'))
        return neuvectorError('SERVICE_WITHOUT_ENDPOINTS', values);
      if (message.startsWith('no service port')) return neuvectorError('SERVICE_PORT_UNKNOWN', values);
      if (message.startsWith('error trying to reach service'))
        return neuvectorError('SERVICE_UNANSWERED', values);
      return problem;
    case 403:
      return problem?.code === 'PERMISSION_MISSING'
        ? neuvectorError('SERVICE_PROXY_FORBIDDEN', values)
        : problem;
    default:
      return problem;
  }
}
