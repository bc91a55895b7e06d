import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { droverInProcess, type InProcess } from '../../inProcess/drover.ts';
import { type Kube, kubeOf } from '../../journeys/clusters/kube.ts';
import type { Stage } from '../../journeys/clusters/stage.ts';
import { stories } from '../../journeys/clusters/stories.ts';

/** What a person does with a cluster, played on a real control plane: the same stories as under the emulator. */
describe('a real cluster', () => {
  const real = inject('real');
  const prefix = `journey-${randomUUID().slice(0, 8)}`;
  let drover: InProcess;
  let kube: Kube;
  let stage: Stage;
  let ticking: NodeJS.Timeout;

  beforeAll(async () => {
    drover = await droverInProcess();
    ticking = setInterval(() => drover.tick(), 10_000);
    kube = kubeOf(await readFile(real.kubeconfig, 'utf8'));
    stage = { call: drover.call, kube, isSimulated: false, prefix };
  });

  afterAll(async () => {
    clearInterval(ticking);
    await drover?.[Symbol.asyncDispose]();
    const namespaces = (await kube.get('/api/v1/namespaces')).items;
    const roles = (await kube.get('/apis/rbac.authorization.k8s.io/v1/clusterroles')).items;
    const bindings = (await kube.get('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings')).items;
    const own = ({ metadata: { name } }: { metadata: { name: string } }) =>
      name.startsWith(prefix) || name.startsWith('drover-missing-');
    const paths = [
      ...namespaces.filter(own).map(pathIn('/api/v1/namespaces')),
      ...roles.filter(own).map(pathIn('/apis/rbac.authorization.k8s.io/v1/clusterroles')),
      ...bindings.filter(own).map(pathIn('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings')),
    ];
    for (const path of paths) await kube.delete(path);
    await kube.close();
  });

  test.each(Object.entries(stories))('%s', (_, story) => story(stage));

  test('is told apart from a simulated one', async () => {
    const { body } = await drover.call('GET', `/api/v1/clusters/${prefix}-token`);
    expect(body).toMatchObject({ simulated: false, labels: {} });
  });
});

const pathIn =
  (collection: string) =>
  ({ metadata: { name } }: { metadata: { name: string } }): string =>
    `${collection}/${name}`;
