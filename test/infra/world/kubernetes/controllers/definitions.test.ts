import { expect, test } from 'vitest';
import type { Definition } from '../../../../../infra/world/kubernetes/kinds/definition.ts';
import { aSimulatedCluster } from '../aSimulatedCluster.ts';
import { aDefinition } from '../kinds/definitions.ts';

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ofKind = (plural: string, kind: string) =>
  aDefinition({ names: { plural, kind, singular: plural.slice(0, -1), listKind: `${plural}List` } });

test('names that a definition leaves go to one that waits for them', async () => {
  const { send, cluster, faults } = aSimulatedCluster();
  const declare = async (definition: Definition) => {
    await send('POST', path, definition);
    await cluster.settled();
  };
  const served = async () => {
    await cluster.settled();
    const { json } = await send('GET', '/apis/stable.example.com/v1');
    return json?.resources.map(({ name }: { name: string }) => name);
  };
  await declare(ofKind('lamps', 'Lamp'));
  await declare(ofKind('lampoons', 'Lamp'));
  await declare(ofKind('lanterns', 'Lamp'));
  expect(await served()).toEqual(['lamps']);
  await send('DELETE', `${path}/lamps.stable.example.com`);
  expect(await served()).toEqual(['lampoons']);
  expect(faults).toEqual([]);
});
