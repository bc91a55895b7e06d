import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { minute, second } from '#time';
import { Allowances } from './allowances.ts';
import { scripts } from './kubectl/scripts.ts';
import { type Terminal, typeScript } from './kubectl/shell.ts';
import { compare, explain } from './play/compare.ts';
import { type Connection, connect } from './play/connection.ts';
import { startSimulated } from './simulated.ts';

let world: Awaited<ReturnType<typeof startSimulated>>;
let folder: string;
let worlds: Record<'real' | 'simulated', { connection: Connection; terminal: Terminal }>;
const allowances = await Allowances.read('What kubectl prints');

beforeAll(async () => {
  world = await startSimulated();
  folder = await mkdtemp(join(tmpdir(), 'drover-kubectl-'));
  const real = inject('real');
  const kubeconfig = join(folder, 'simulated.kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(world));
  const terminal = (name: string, file: string): Terminal => ({
    kubectl: real.kubectl,
    kubeconfig: file,
    home: join(folder, name),
  });
  worlds = {
    real: { connection: connect(real, minute), terminal: terminal('real', real.kubeconfig) },
    simulated: { connection: connect(world, 10 * second), terminal: terminal('simulated', kubeconfig) },
  };
});

afterAll(async () => {
  await worlds.real.connection.close();
  await worlds.simulated.connection.close();
  await world.stop();
  await rm(folder, { recursive: true });
});

describe('kubectl prints the same against both worlds', () => {
  it.concurrent.each(Object.entries(scripts))('%s', { timeout: 3 * minute }, async (title, script) => {
    const [real, simulated] = await Promise.all(
      [worlds.real, worlds.simulated].map(({ connection, terminal }) =>
        typeScript(script, connection, terminal),
      ),
    );
    const unexplained = allowances.unexplained(title, compare(real!, simulated!));
    expect(unexplained.length, explain(unexplained)).toBe(0);
  });
});

describe('DIFFERENCES.md', () => {
  it('has no line on kubectl that nothing needs', () => {
    expect(allowances.unneeded).toEqual([]);
  });
});

const kubeconfigOf = ({ server, caPem, clientCertPem, clientKeyPem }: typeof world): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'simulated', cluster: { server, 'certificate-authority-data': btoa(caPem) } }],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate-data': btoa(clientCertPem), 'client-key-data': btoa(clientKeyPem) },
      },
    ],
    contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'admin' } }],
    'current-context': 'simulated',
  });
