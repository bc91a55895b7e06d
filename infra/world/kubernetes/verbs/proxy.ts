import type { ApiAnswer } from '../api.ts';
import { StatusError } from '../status.ts';
import type { Call } from './call.ts';

/** What `services/…/proxy` and `pods/…/proxy` name: `https:NAME:PORT`, `NAME:PORT` or `NAME`. */
export interface ProxyTarget {
  name: string;
  port: string;
}

export const proxyTarget = (named: string): ProxyTarget => {
  const [name = '', port = ''] = named.split(':').slice(/^https?:/.test(named) ? 1 : 0);
  return { name, port };
};

/** Passed on to whatever the world has put there. */
export function proxy(call: Call, rest: readonly string[]): Promise<ApiAnswer> {
  const { name, port } = proxyTarget(call.name!);
  const { resource, namespace, cluster } = call;
  const found = cluster.objects.get(resource, namespace, name);
  const { ports = [] } = (found?.spec ?? {}) as { ports?: { name?: string; port?: number }[] };
  const hasPort = ports.some((one) => String(one.port) === port || one.name === port);
  if (resource.name === 'services' && found && port !== '' && !hasPort)
    throw new StatusError(503, 'ServiceUnavailable', `no service port ${port} found for service "${name}"`);
  return cluster.proxy(call, rest);
}
