import type { ApiAnswer } from '../api.ts';
import type { StoredObject } from '../objects.ts';
import { badRequest, notFound, StatusError } from '../status.ts';
import type { Call } from './call.ts';

/** Where something inside the cluster listens. */
export interface End {
  readonly scheme: 'http' | 'https';
  /** Of a pod: an address of the cluster's own network. */
  readonly host: string;
  readonly port: number;
}

/** What `services/…/proxy` and `pods/…/proxy` name: `https:NAME:PORT`, `NAME:PORT` or `NAME`. */
interface Asked {
  readonly scheme: End['scheme'];
  readonly name: string;
  readonly port: string;
}

/** Passed on to what the name leads to. */
export function proxy(call: Call, rest: readonly string[]): ApiAnswer | Promise<ApiAnswer> {
  const { resource, request, cluster } = call;
  const isOfService = resource.name === 'services';
  const end = isOfService ? endOfService(call) : endOfPod(call);
  // A page's relative links would lead elsewhere.
  if (rest.length === 0 && !request.path.endsWith('/') && /^(GET|HEAD)$/.test(request.method)) {
    const query = request.query.size > 0 ? `?${request.query}` : '';
    return { status: 301, headers: { location: `${request.path}/${query}` }, body: '' };
  }
  return cluster.forward(request, end, rest);
}

function askedBy({ resource, name: id }: Call): Asked {
  const parts = id!.split(':');
  const [scheme, name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme!))
    throw badRequest(`invalid ${resource.name.replace(/s$/, '')} request "${id}"`);
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}

interface Slice extends StoredObject {
  readonly ports?: readonly { name?: string; port?: number }[];
  readonly endpoints?: readonly {
    addresses: readonly string[];
    conditions?: { ready?: boolean };
    targetRef?: { kind?: string; name?: string };
  }[];
}

function endOfService(call: Call): End {
  const { scheme, name, port } = askedBy(call);
  const { cluster, namespace } = call;
  const portName = portNamed(call, name, port);
  const slices = cluster.objects
    .list({ group: 'discovery.k8s.io', name: 'endpointslices' }, namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name) as Slice[];
  if (slices.length === 0) throw noEndpoints(name);
  for (const { ports = [], endpoints = [] } of slices) {
    const found = ports.find((one) => (one.name ?? '') === portName);
    if (found?.port === undefined) continue;
    for (const { addresses, conditions, targetRef } of endpoints) {
      const isPod = targetRef?.kind === 'Pod' && podIps(call, targetRef.name!).includes(addresses[0]!);
      if (isPod && conditions?.ready !== false) return { scheme, host: addresses[0]!, port: found.port };
    }
  }
  throw noEndpoints(name);
}

/** A service's ports are asked for by number or name, what stands behind them by name. */
function portNamed({ resource, namespace, cluster }: Call, name: string, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const service = cluster.objects.get(resource, namespace, name);
  if (!service) throw notFound(resource, name);
  const { ports = [] } = (service.spec ?? {}) as { ports?: { name?: string; port?: number }[] };
  const found = ports.find((one) => String(one.port) === port);
  if (!found) throw unavailable(`no service port ${port} found for service "${name}"`);
  return found.name ?? '';
}

/** Its first container's first port, where none is named. */
function endOfPod(call: Call): End {
  const { scheme, name, port } = askedBy(call);
  const { resource, namespace, cluster } = call;
  const pod = resource.name === 'pods' ? cluster.objects.get(resource, namespace, name) : undefined;
  if (resource.name === 'pods' && !pod) throw notFound(resource, name);
  const { containers = [] } = (pod?.spec ?? {}) as { containers?: { ports?: { containerPort: number }[] }[] };
  const [host] = pod ? podIps(call, name) : [];
  if (host === undefined) throw unavailable(`no address for ${resource.name.replace(/s$/, '')} "${name}"`);
  const first = containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort ?? 80;
  return { scheme, host, port: port === '' ? first : Number(port) };
}

function podIps({ cluster, namespace }: Call, name: string): string[] {
  const pod = cluster.objects.get({ group: '', name: 'pods' }, namespace, name);
  const { podIPs = [] } = (pod?.status ?? {}) as { podIPs?: { ip: string }[] };
  return podIPs.map(({ ip }) => ip);
}

const unavailable = (message: string) => new StatusError(503, 'ServiceUnavailable', message);
const noEndpoints = (of: string) => unavailable(`no endpoints available for service "${of}"`);
