import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { builtControlPlane } from './build.ts';
import { type Component, startComponent, tailOf } from './component.ts';
import { connect, type RealCluster } from './connection.ts';
import { credentialsIn, writeCredentials } from './credentials.ts';
import { fail } from './errors.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, kwokFlags, schedulerFlags } from './flags.ts';
import { createNodes } from './nodes.ts';
import { freePorts } from './ports.ts';
import { kubernetesVersion } from './versions.ts';

export interface ControlPlane extends RealCluster {
  /** Rejects when a component ends by itself. */
  readonly failed: Promise<never>;
  /** Ends all of it at once. What it knew stays in the folder. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** For its data, credentials and logs. One that was used before is the same cluster again. */
  readonly folder: string;
  /** Nodes to begin with, played by KWOK. */
  readonly nodes?: number;
  /** Of the API server; by default one that is free. */
  readonly port?: number;
  /** Gives up starting when aborted. */
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  /** Told how far a build is. */
  readonly say?: (line: string) => void;
}

/** A real Kubernetes control plane on 127.0.0.1, built first where that was never done. Ready when this resolves. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { nodes = 0, signal, environment = process.env, say = (line) => console.error(line) } = options;
  const programs = await builtControlPlane(environment, say, signal);
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [freePort, etcdClient, etcdPeer] = (await freePorts(3)) as [number, number, number];
  const ports = { api: options.port ?? freePort, etcdClient, etcdPeer };
  const server = `https://127.0.0.1:${ports.api}`;
  const credentials = await credentialsIn(folder);
  const files = await writeCredentials(folder, server, credentials);
  const { certPem, keyPem } = credentials.clients.admin;
  const cluster: RealCluster = {
    server,
    caPem: credentials.ca.certPem,
    clientCertPem: certPem,
    clientKeyPem: keyPem,
    kubeconfig: files.kubeconfigs.admin,
    kubectl: `${programs}/kubectl`,
    version: kubernetesVersion,
  };

  const running: Component[] = [];
  const start = async (...[name, flags]: [Parameters<typeof startComponent>[1], string[]]) => {
    const component = await startComponent(programs, name, flags, folder);
    running.push(component);
    return component;
  };
  const stop = async () => {
    // The store last: whoever outlives it fills its log with complaints.
    for (const component of running.toReversed()) await component.stop();
  };
  const admin = connect(cluster);
  const answers = async (path: string) => (await admin.send('GET', path)).status === 200;
  const ready = (component: Component, isReady: () => Promise<boolean>) =>
    Promise.race([untilReady(component, isReady, signal), ...running.map(({ failed }) => failed)]);
  try {
    const etcd = await start('etcd', etcdFlags(folder, ports));
    const apiServer = await start('kube-apiserver', apiServerFlags(files, ports));
    await ready(etcd, async () => (await fetch(`http://127.0.0.1:${etcdClient}/health`)).ok);
    await ready(apiServer, () => answers('/readyz'));
    // Earlier they would only wait for it, and longer than it takes.
    const controllers = await start('kube-controller-manager', controllerManagerFlags(folder, files));
    await start('kube-scheduler', schedulerFlags(files));
    await start('kwok', kwokFlags(files));
    if (nodes > 0) await createNodes(admin, nodes);
    // The last things a cluster has before anything can be run in it.
    await ready(controllers, () => answers('/api/v1/namespaces/default/serviceaccounts/default'));
    await ready(controllers, () => answers('/api/v1/namespaces/default/configmaps/kube-root-ca.crt'));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    await admin.close();
  }
  return { ...cluster, failed: Promise.race(running.map(({ failed }) => failed)), stop };
}

const patienceSeconds = 60;

async function untilReady(
  component: Component,
  isReady: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + patienceSeconds * 1_000;
  for (;;) {
    signal?.throwIfAborted();
    let state = 'not ready';
    try {
      if (await isReady()) return;
    } catch (error) {
      // Nothing listens yet; at the deadline this is what there is to say.
      state = String(error);
    }
    if (Date.now() > deadline) {
      const { name, log } = component;
      throw fail('COMPONENT_NOT_READY', {
        component: name,
        seconds: patienceSeconds,
        state,
        said: await tailOf(log),
        log,
      });
    }
    await pause(50);
  }
}
