import { onTestFinished } from 'vitest';
import { type Trust, type Way, wayTo } from '#neuvector';
import type { TestController } from '../../infra/world/neuvector/aController.ts';
import { ports } from '../kubernetes/aWorldCluster.ts';

/** To a port of this machine, for the time of a test. */
export function aWay(port: number, trust: Trust, options: Parameters<typeof wayTo>[2] = {}): Way {
  const way = wayTo(ports, { address: `127.0.0.1:${port}`, ...trust }, options);
  onTestFinished(() => way.close());
  return way;
}

export const restOf = (controller: TestController): Way => aWay(controller.port, { ca: controller.ca });
export const federationOf = (controller: TestController): Way =>
  aWay(controller.federation.port, { ca: controller.ca });

export const withKey = (controller: TestController, name = 'all') => ({
  way: restOf(controller),
  pass: { kind: 'apiKey', name, secret: 's3cret' } as const,
});
