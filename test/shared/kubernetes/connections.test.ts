import { describe, expect, test } from 'vitest';
import { asked, Connections, type KubeAccess } from '#kubernetes';
import type { Resolve } from '#net';
import { minute } from '#time';
import { aTlsServer, ok, type TlsServer } from '../../fixtures/aTlsServer.ts';
import { ca } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { aWorldCluster, ports, portsAt } from './aWorldCluster.ts';

const until = async (isSo: () => boolean) => {
  while (!isSo()) await settle(1);
};
const to = (server: TlsServer) => async (): Promise<KubeAccess> => ({
  server: `https://api.example.com:${server.port}`,
  ca: ca.certPem,
});
const get = (connections: Connections, access: () => Promise<KubeAccess>, id = 'clu_1', slot = '1') =>
  connections.with({ id, slot }, access, (connection) => connection.send({ path: '/version' }));

/** Names lead where `addresses` says, one look-up after another, then to the last for good. */
function aNet(...addresses: string[]) {
  const looked: string[] = [];
  const resolve: Resolve = async (host) => {
    looked.push(host);
    return [addresses[Math.min(looked.length, addresses.length) - 1]!];
  };
  return { looked, ports: portsAt(new SteppedClock(), resolve) };
}

/** Keeps what it is called with, and answers with the next thing. */
function noted<T>(notes: unknown[], note: unknown, result: T): T {
  notes.push(note);
  return result;
}

describe('kept connections', () => {
  test('17: 100 visits are made over one connection, opened once, and none is left behind', async () => {
    const { looked, ports } = aNet('127.0.0.1');
    const connections = new Connections(ports);
    const server = await aTlsServer();
    const opened: unknown[] = [];
    for (let i = 0; i < 100; i++) await get(connections, () => noted(opened, i, to(server)()));
    expect({ opened, looked, size: connections.size }).toEqual({
      opened: [0],
      looked: ['api.example.com'],
      size: 1,
    });
    expect(server.connections).toBe(1);
    await connections.closeAll();
    expect(connections.size).toBe(0);
    await until(() => server.open.size === 0);
  });

  test.each([
    { name: 'from its first use', ago: 0, lasts: 5 * minute },
    { name: 'from when its credential was opened', ago: 4 * minute, lasts: minute },
  ])('a connection is kept for five minutes $name', async ({ ago, lasts }) => {
    const clock = new SteppedClock();
    const connections = new Connections(portsAt(clock, async () => ['127.0.0.1']));
    const server = await aTlsServer();
    const opened: unknown[] = [];
    const access = async () => noted(opened, 1, { ...(await to(server)()), openedAt: clock.now() - ago });
    await get(connections, access);
    await clock.step(lasts - 1);
    await get(connections, access);
    expect(opened).toHaveLength(1);
    await clock.step(1);
    await get(connections, access);
    expect(opened).toHaveLength(2);
    await connections.closeAll();
  });

  test('many clusters at once have a connection each, and no more are kept than is allowed', async () => {
    const server = await aTlsServer();
    const connections = new Connections(ports, { most: 10 });
    const ids = Array.from({ length: 40 }, (_, i) => `clu_${i}`);
    await Promise.all(ids.map((id) => get(connections, to(server), id)));
    expect(server.connections).toBe(40);
    expect(connections.size).toBe(10);
    await until(() => server.open.size === 10);
    await connections.closeAll();
    await until(() => server.open.size === 0);
  });

  test('those that were asked last are kept', async () => {
    const server = await aTlsServer();
    const connections = new Connections(ports, { most: 2 });
    const opened: unknown[] = [];
    const visit = (id: string) => get(connections, () => noted(opened, id, to(server)()), id);
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await visit(id);
    expect(opened).toEqual(['a', 'b', 'c', 'b']);
    await connections.closeAll();
  });

  test('visits at once share one, which is opened once', async () => {
    const server = await aTlsServer();
    const connections = new Connections(ports);
    let opened = 0;
    const access = () => {
      opened++;
      return to(server)();
    };
    await Promise.all(Array.from({ length: 10 }, () => get(connections, access)));
    expect(opened).toBe(1);
    expect(server.connections).toBeLessThanOrEqual(2);
    await connections.closeAll();
  });

  test('another credential has another connection, and the earlier one ends with whoever uses it', async () => {
    let answer = () => {};
    const server = await aTlsServer((socket, request) => {
      if (request.startsWith('GET /slow')) answer = () => void socket.write(ok('"slow"'));
      else socket.write(ok());
    });
    const connections = new Connections(ports);
    const slow = connections.with({ id: 'clu_1', slot: '1' }, to(server), (connection) =>
      connection.send({ path: '/slow' }),
    );
    await until(() => server.recorded[0]?.text.endsWith('\r\n\r\n') ?? false);
    await get(connections, to(server), 'clu_1', '2');
    expect(server.open.size).toBe(2);
    expect(connections.size).toBe(1);
    answer();
    expect((await slow).json()).toBe('slow');
    await until(() => server.open.size === 1);
    await connections.closeAll();
  });

  test('one that is dropped while it is used is not kept, and not cut', async () => {
    const server = await aTlsServer();
    const connections = new Connections(ports);
    await connections.with({ id: 'clu_1', slot: '1' }, to(server), async (connection) => {
      await connection.send({ path: '/a' });
      connections.drop('clu_1');
      expect((await connection.send({ path: '/b' })).status).toBe(200);
    });
    await until(() => server.open.size === 0);
    expect(connections.size).toBe(0);
    connections.drop('clu_1');
  });

  test('is not kept when the cluster refuses its credential', async () => {
    const { access } = await aWorldCluster({ kind: 'status', code: 401, times: 1 });
    const connections = new Connections(ports);
    const opened: unknown[] = [];
    const visit = () =>
      connections.with(
        { id: 'clu_1', slot: '1' },
        async () => noted(opened, 'opened', access),
        (connection) => asked(connection, { path: '/version' }),
      );
    await expect(visit()).rejects.toMatchObject({ code: 'AUTH_REJECTED' });
    await visit();
    await visit();
    expect(opened).toHaveLength(2);
    await connections.closeAll();
  });

  test('is kept when the cluster answers with an error, and not when something goes wrong on the way', async () => {
    const { access, exposed } = await aWorldCluster({ kind: 'status', code: 503, times: 1 });
    const connections = new Connections(ports);
    const opened: unknown[] = [];
    const visit = () =>
      connections.with(
        { id: 'clu_1', slot: '1' },
        async () => noted(opened, 'opened', access),
        (connection) => asked(connection, { method: 'POST', path: '/version', body: {} }),
      );
    await expect(visit()).rejects.toMatchObject({ code: 'HTTP_5XX' });
    expect(opened).toHaveLength(1);
    await exposed.switchOn({ kind: 'reset', times: 1 });
    await expect(visit()).rejects.toMatchObject({ code: 'HTTP_CUT' });
    expect(opened).toHaveLength(1);
    await visit().catch(() => undefined);
    expect(opened).toHaveLength(2);
    await connections.closeAll();
  });

  test('whose socket the server closes is made anew, its name looked up and vetted anew', async () => {
    const server = await aTlsServer((socket) => socket.write(ok('{}', 'Connection: close\r\n')));
    const { looked, ports } = aNet('127.0.0.1', '127.0.0.1', '169.254.169.254');
    const connections = new Connections(ports);
    await get(connections, to(server));
    await until(() => connections.size === 0);
    await get(connections, to(server));
    await until(() => connections.size === 0);
    await expect(get(connections, to(server))).rejects.toMatchObject({ code: 'TARGET_FORBIDDEN' });
    expect(looked).toHaveLength(3);
    expect(server.connections).toBe(2);
    expect(connections.size).toBe(0);
  });

  test('where none can be opened, everyone who waits is told, and the next one tries again', async () => {
    const server = await aTlsServer();
    const connections = new Connections(ports);
    const failing = async () => {
      throw new Error('sealed');
    };
    const all = [1, 2].map(() => expect(get(connections, failing)).rejects.toThrow('sealed'));
    await Promise.all(all);
    expect((await get(connections, to(server))).status).toBe(200);
    await connections.closeAll();
  });

  test('ending all of them ends what is under way', async () => {
    const server = await aTlsServer(() => {});
    const connections = new Connections(ports);
    const all = Array.from({ length: 6 }, (_, i) =>
      expect(get(connections, to(server), `clu_${i % 3}`)).rejects.toMatchObject({ code: 'CALL_ABORTED' }),
    );
    await until(() => server.recorded.filter(({ text }) => text.endsWith('\r\n\r\n')).length === 6);
    await connections.closeAll();
    await Promise.all(all);
    await until(() => server.open.size === 0);
  });

  test('idle ones end before the API server would end them', async () => {
    const { net } = ports;
    const seen: unknown[] = [];
    const server = await aTlsServer();
    const connections = new Connections({
      ...ports,
      net: {
        ...net,
        agentFor: (target, tls, limits) => noted(seen, limits?.keepAlive, net.agentFor(target, tls, limits)),
      },
    });
    await get(connections, to(server));
    expect(seen).toEqual([80_000]);
    await connections.closeAll();
  });
});
