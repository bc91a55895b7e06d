import type { KubeConnection } from '#kubernetes';
import type { Way } from './access.ts';
import { Carried } from './carried.ts';
import { proxyProblemOf, type Service } from './proxyProblemOf.ts';

/**
 * Through the API server's service proxy of a cluster. The API server, not Drover, talks TLS to the controller, and
 * believes whoever answers. The connection stays its owner's.
 */
export function wayThrough(connection: KubeConnection, service: Service, place: string): Way {
  const [namespace, name] = [service.namespace, service.service].map(encodeURIComponent);
  return new Carried({
    place,
    prefix: `/api/v1/namespaces/${namespace}/services/https:${name}:${service.port}/proxy`,
    isKnown: true,
    lend: (use) => use(connection),
    problemOf: (answer) => proxyProblemOf(answer, service),
    close: async () => {},
  });
}
