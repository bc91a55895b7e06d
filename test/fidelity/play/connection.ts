import { X509Certificate } from 'node:crypto';
import { Agent, type Dispatcher, request } from 'undici';
import { hour, type Millis, systemClock } from '#time';
import { clientCertificate, createCa } from '../../../infra/world/pki/index.ts';

/** Where a world's API server listens, and what its administrator needs. */
export interface World {
  server: string;
  caPem: string;
  clientCertPem: string;
  clientKeyPem: string;
}

/** Who asks at the level of the connection: with the administrator's certificate, one of a stranger's CA, or none. */
export type Caller = 'admin' | 'foreign' | 'anonymous';

export interface Sent {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  caller: Caller;
  signal?: AbortSignal;
}

export interface Connection {
  world: World;
  /** The name in the administrator's certificate. */
  administrator: string;
  /** How long a case waits for anything: controllers of a real one take their time. */
  patience: Millis;
  send(sent: Sent): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export function connect(world: World, patience: Millis): Connection {
  const agents: Record<Caller, Agent> = {
    admin: agentOf(world, { certPem: world.clientCertPem, keyPem: world.clientKeyPem }),
    foreign: agentOf(world, foreignCertificate()),
    anonymous: agentOf(world),
  };
  return {
    world,
    patience,
    administrator: /CN=(.*)/.exec(new X509Certificate(world.clientCertPem).subject)?.[1] ?? '',
    send: ({ method, path, headers, body, caller, signal }) =>
      request(`${world.server}${path}`, {
        dispatcher: agents[caller],
        method: method as Dispatcher.HttpMethod,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(signal ? { signal } : {}),
      }),
    close: async () => {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

const agentOf = (world: World, client?: { certPem: string; keyPem: string }): Agent =>
  new Agent({
    // Drover speaks HTTP/1.1 to clusters.
    allowH2: false,
    connections: 64,
    headersTimeout: 60_000,
    bodyTimeout: 0,
    connect: { ca: world.caPem, ...(client ? { cert: client.certPem, key: client.keyPem } : {}) },
  });

/** It names the administrators' group, but no one the server trusts says so. */
function foreignCertificate() {
  const now = systemClock.now();
  const validity = { notBefore: now - hour, notAfter: now + hour };
  const ca = createCa({ ...validity, commonName: 'a stranger' });
  return clientCertificate(ca, { ...validity, commonName: 'admin', organizations: ['system:masters'] });
}
