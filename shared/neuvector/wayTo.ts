import { Connections, type KubePorts } from '#kubernetes';
import { second } from '#time';
import type { Trust, Way } from './access.ts';
import { Carried } from './carried.ts';

/** As many lists are read side by side; a controller works each off by itself. */
const sockets = 4;
/** Ingresses close idle connections after a minute, some sooner: what is sent just then is lost. */
const longestIdle = 30 * second;

/**
 * To a listener by its address, `host:port`. Nothing is dialled before the first request. `verify: false` is for
 * strangers: whoever answers is believed, and shown no pass.
 */
export function wayTo(
  ports: KubePorts,
  { address, ca, fingerprint, tlsServerName }: { address: string } & Trust,
  { verify }: { verify?: false } = {},
): Way {
  // One controller's alone: kept as those of clusters are, and as these made anew, its name vetted anew.
  const connections = new Connections(ports);
  const access = {
    server: `https://${address}`,
    ...(ca !== undefined && { ca }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(verify !== undefined && { verify }),
  };
  return new Carried({
    place: address,
    prefix: '',
    isKnown: verify === undefined,
    lend: (use, signal) =>
      connections.with({ id: address, slot: '' }, async () => access, use, {
        sockets,
        longestIdle,
        ...(signal && { signal }),
      }),
    problemOf: () => undefined,
    close: () => connections.closeAll(),
  });
}
