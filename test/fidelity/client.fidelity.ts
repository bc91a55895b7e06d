import {
  ApiException,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1ConfigMap,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { minute, second } from '#time';
import { Allowances } from './allowances.ts';
import { aJob } from './cases/paths.ts';
import { Api } from './play/api.ts';
import { compare, explain } from './play/compare.ts';
import { type Connection, connect, type World } from './play/connection.ts';
import type { Json } from './play/json.ts';
import { normalise } from './play/normalise.ts';
import type { Transcript } from './play/transcript.ts';
import { startSimulated } from './simulated.ts';

/** A client's calls, each noted with what came of it. */
interface Desk {
  api: Api;
  config: KubeConfig;
  namespace: string;
  /** What a call gave, as JSON says it, or its failure. */
  note(what: string, call: Promise<unknown>): Promise<unknown>;
}

const patches: Readonly<Record<string, [PatchStrategy, object]>> = {
  merge: [PatchStrategy.MergePatch, { data: { merge: 'yes' } }],
  strategic: [PatchStrategy.StrategicMergePatch, { data: { strategic: 'yes' } }],
  json: [PatchStrategy.JsonPatch, [{ op: 'add', path: '/data/json', value: 'yes' }]],
};

/** Declares a kind, and waits until it is served. */
async function lamps(api: Api, namespace: string) {
  const group = `${api.run}.example.com`;
  await api.prepare('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: `lamps.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  await api.insist('GET', `/apis/${group}/v1/lamps`, {}, ({ status }) => status === 200);
  return { group, version: 'v1', namespace, plural: 'lamps' };
}

const calls: Readonly<Record<string, (desk: Desk) => Promise<void>>> = {
  'typed calls create, read, list, replace and delete': async ({ config, namespace, note }) => {
    const core = config.makeApiClient(CoreV1Api);
    const body = { metadata: { name: 'a' }, data: { one: '1' } };
    await note('create', core.createNamespacedConfigMap({ namespace, body }));
    await note('create again', core.createNamespacedConfigMap({ namespace, body }));
    await note('read', core.readNamespacedConfigMap({ namespace, name: 'a' }));
    await note('read what is not there', core.readNamespacedConfigMap({ namespace, name: 'b' }));
    await note('list', core.listNamespacedConfigMap({ namespace, limit: 1 }));
    await note(
      'replace',
      core.replaceNamespacedConfigMap({ namespace, name: 'a', body: { ...body, data: { two: '2' } } }),
    );
    await note(
      'delete',
      core.deleteNamespacedConfigMap({ namespace, name: 'a', propagationPolicy: 'Foreground' }),
    );
    await note('delete again', core.deleteNamespacedConfigMap({ namespace, name: 'a' }));
  },
  'patches of each kind': async ({ config, namespace, note }) => {
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' } } });
    for (const [name, [strategy, body]] of Object.entries(patches)) {
      await note(
        name,
        core.patchNamespacedConfigMap(
          { namespace, name: 'a', body },
          setHeaderOptions('Content-Type', strategy),
        ),
      );
    }
  },
  'other groups: jobs, roles and the version': async ({ config, namespace, note }) => {
    const batch = config.makeApiClient(BatchV1Api);
    await note('a job', batch.createNamespacedJob({ namespace, body: aJob('j') as never }));
    await note('jobs', batch.listNamespacedJob({ namespace }));
    await note('a job goes', batch.deleteNamespacedJob({ namespace, name: 'j' }));
    const rbac = config.makeApiClient(RbacAuthorizationV1Api);
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
    await note('a role', rbac.createNamespacedRole({ namespace, body: { metadata: { name: 'r' }, rules } }));
    const { minor } = await config.makeApiClient(VersionApi).getCode();
    await note('minor', Promise.resolve(minor));
  },
  'custom objects': async ({ api, config, namespace, note }) => {
    const of = await lamps(api, namespace);
    const custom = config.makeApiClient(CustomObjectsApi);
    const body = { apiVersion: `${of.group}/v1`, kind: 'Lamp', metadata: { name: 'l' }, spec: { size: 1 } };
    await note('create', custom.createNamespacedCustomObject({ ...of, body }));
    await note('list', custom.listNamespacedCustomObject(of));
    await note(
      'patch',
      custom.patchNamespacedCustomObject(
        { ...of, name: 'l', body: { spec: { size: 2 } } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
    );
    await note('delete', custom.deleteNamespacedCustomObject({ ...of, name: 'l' }));
  },
  'objects of any kind, applied on the server': async ({ config, namespace, note }) => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const map = (data: Record<string, string>): V1ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace },
      data,
    });
    const apply = (manager: string, data: Record<string, string>, force?: boolean) =>
      objects.patch(map(data), undefined, undefined, manager, force, PatchStrategy.ServerSideApply);
    await note('apply', apply('one', { one: '1' }));
    await note('conflict', apply('two', { one: '2' }));
    await note('force', apply('two', { one: '2' }, true));
    await note(
      'read',
      objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace } }),
    );
    await note('a dry run', objects.create(map({ x: 'y' }), undefined, 'All'));
    await note('delete', objects.delete(map({})));
  },
  'a watch tells each change': async ({ config, namespace, note }) => {
    const core = config.makeApiClient(CoreV1Api);
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const told: [string, unknown][] = [];
    let enough = () => {};
    const all = new Promise<void>((resolve) => (enough = resolve));
    const controller = await new Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata?.resourceVersion },
      (type, object) => {
        told.push([type, object]);
        if (told.length === 3) enough();
      },
      () => enough(),
    );
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' } } });
    await core.replaceNamespacedConfigMap({
      namespace,
      name: 'a',
      body: { metadata: { name: 'a' }, data: { one: '1' } },
    });
    await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    await all;
    controller.abort();
    await note('events', Promise.resolve(told));
  },
  'a watch from a state before there was such a kind ends with an error': async ({
    api,
    config,
    namespace,
    note,
  }) => {
    const { group } = await lamps(api, namespace);
    const ended = new Promise<unknown>((resolve) => {
      void new Watch(config).watch(
        `/apis/${group}/v1/lamps`,
        { resourceVersion: '1' },
        (type, object) => resolve([type, object]),
        (error) => resolve(String(error)),
      );
    });
    await note('end', ended);
  },
  'an informer knows what there is and what becomes of it': async ({ config, namespace, note }) => {
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'before' } } });
    const told: string[] = [];
    let heard = () => {};
    const list = () =>
      core.listNamespacedConfigMap({ namespace }) as Promise<KubernetesListObject<V1ConfigMap>>;
    const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list);
    for (const event of ['add', 'update', 'delete'] as const) {
      informer.on(event, (object: KubernetesObject) => {
        told.push(`${event} ${object.metadata?.name}`);
        heard();
      });
    }
    const until = async (count: number) => {
      while (told.length < count) await new Promise<void>((resolve) => (heard = resolve));
    };
    await informer.start();
    await until(2);
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' } } });
    await until(3);
    await core.replaceNamespacedConfigMap({
      namespace,
      name: 'a',
      body: { metadata: { name: 'a' }, data: { one: '1' } },
    });
    await until(4);
    await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    await until(5);
    await informer.stop();
    await note('told', Promise.resolve(told));
  },
};

async function answered(call: (desk: Desk) => Promise<void>, connection: Connection): Promise<Transcript> {
  const api = new Api(connection);
  const note = async (what: string, promise: Promise<unknown>) => {
    try {
      const value = await promise;
      api.note(what, JSON.parse(JSON.stringify(value ?? null)) as Json);
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      api.note(what, { code: error.code, body: JSON.parse(error.body as string) as Json });
    }
    return undefined;
  };
  try {
    await call({ api, config: configOf(connection.world), namespace: await api.namespace(), note });
  } finally {
    await api.close();
  }
  return normalise(api.transcript, {
    run: api.run,
    server: connection.world.server,
    administrator: connection.administrator,
    prefixes: api.prefixes,
  });
}

function configOf({ server, caPem, clientCertPem, clientKeyPem }: World): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'cluster', server, caData: btoa(caPem), skipTLSVerify: false },
    { name: 'admin', certData: btoa(clientCertPem), keyData: btoa(clientKeyPem) },
  );
  return config;
}

let world: Awaited<ReturnType<typeof startSimulated>>;
let connections: readonly Connection[];
const allowances = await Allowances.read();

beforeAll(async () => {
  world = await startSimulated();
  connections = [connect(inject('real'), minute), connect(world, 10 * second)];
});

afterAll(async () => {
  for (const connection of connections) await connection.close();
  await world.stop();
});

describe('@kubernetes/client-node sees the same of both worlds', () => {
  it.each(Object.entries(calls))('%s', async (title, call) => {
    const [real, simulated] = await Promise.all(connections.map((connection) => answered(call, connection)));
    const unexplained = allowances.unexplained(title, compare(real!, simulated!));
    expect(unexplained.length, explain(unexplained)).toBe(0);
  });
});
