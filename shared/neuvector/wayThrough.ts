import { type KubeConnection, pathOf } from '#kubernetes';
import type { Way } from './access.ts';
import { Carried } from './carried.ts';
import { proxyProblemOf, type Service } from './proxyProblemOf.ts';

/**
 * Through the API server's service proxy of a cluster. The API server, not Drover, talks TLS to the controller, and
 * believes whoever answers. The connection stays its owner's.
 */
export function wayThrough(connection: KubeConnection, service: Service, place: string): Way {
  const path = pathOf({
    version: 'v1',
    namespace: service.namespace,
    resource: 'services',
    name: `https:${service.service}:${service.port}`,
    subresource: 'proxy',
  });
  return new Carried({
    place,
    // Colons as kubectl writes them: gateways in between may take others for part of a name.
    prefix: path.replaceAll('%3A', ':'),
    isKnown: true,
    lend: (use) => use(connection),
    problemOf: (answer) => proxyProblemOf(answer, service),
    close: async () => {},
  });
}
