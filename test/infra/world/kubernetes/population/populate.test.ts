import { describe, expect, test } from 'vitest';
import { distinct } from '../../../../../infra/world/kubernetes/population/chance.ts';
import { type PopulationOptions, populate } from '../../../../../infra/world/kubernetes/population/index.ts';

const options: PopulationOptions = {
  seed: 'testing',
  nodes: 60,
  podsPerNode: 25,
  at: Date.parse('2026-11-21T12:00:00Z'),
};

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, read field by field.
type Read = any;

function objects(given = options): Record<string, Read[]> {
  return Object.fromEntries(
    populate(given).map((shipment) => [shipment.resource.name, [...shipment.objects]]),
  );
}

const all = objects();
const pods = all.pods!;

describe('a population', () => {
  test('is the same for the same options and another for another seed', () => {
    expect(JSON.stringify(objects())).toBe(JSON.stringify(all));
    expect(JSON.stringify(objects({ ...options, seed: 'other' }).pods)).not.toBe(JSON.stringify(pods));
  });

  test('has as many nodes and pods as were asked for, each with a name and uid of its own', () => {
    expect(all.nodes).toHaveLength(60);
    expect(pods).toHaveLength(60 * 25);
    expect(new Set(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).size).toBe(
      pods.length,
    );
    expect(new Set(pods.map(({ metadata }) => metadata.uid)).size).toBe(pods.length);
  });

  test('tells a hundred thousand pods of one owner apart', () => {
    const endings = new Set(Array.from({ length: 100_000 }, (_, index) => distinct('owner', index)));
    expect(endings.size).toBe(100_000);
  });

  test('puts every pod into a namespace, under an owner and onto a node that are there', () => {
    const namespaces = new Set(all.namespaces!.map(({ metadata }) => metadata.name));
    const nodes = new Set(all.nodes!.map(({ metadata }) => metadata.name));
    const owners = new Set(
      [...all.replicasets!, ...all.daemonsets!, ...all.jobs!].map(({ metadata }) => metadata.uid),
    );
    for (const { metadata, spec } of pods) {
      expect(namespaces).toContain(metadata.namespace);
      expect(owners).toContain(metadata.ownerReferences[0].uid);
      if (spec.nodeName !== undefined) expect(nodes).toContain(spec.nodeName);
    }
  });

  test('counts in a deployment what its pods are', () => {
    for (const { metadata, status } of all.deployments!) {
      const own = pods.filter((pod) => pod.metadata.labels['app.kubernetes.io/name'] === metadata.name);
      const ready = own.filter((pod) =>
        pod.status.conditions?.some((one: Read) => one.type === 'Ready' && one.status === 'True'),
      );
      expect({ replicas: own.length, ready: ready.length || undefined }).toEqual({
        replicas: status.replicas,
        ready: status.readyReplicas,
      });
    }
  });

  test('has pods in every state, most of them running', () => {
    const states = new Map<string, number>();
    for (const { status } of objects({ ...options, nodes: 200 }).pods!) {
      const waiting = status.containerStatuses?.[0].state.waiting?.reason;
      const state = waiting ?? status.reason ?? status.phase;
      states.set(state, (states.get(state) ?? 0) + 1);
    }
    expect([...states.keys()].toSorted()).toEqual([
      'ContainerCreating',
      'CrashLoopBackOff',
      'Evicted',
      'ImagePullBackOff',
      'Pending',
      'Running',
      'Succeeded',
    ]);
    expect(states.get('Running')).toBeGreaterThan(0.9 * 200 * 25);
  });

  test('has nodes that are cordoned, lost, dedicated and in charge', () => {
    const ready = ({ status }: Read) => status.conditions.find((one: Read) => one.type === 'Ready').status;
    expect(all.nodes!.filter(({ spec }) => spec.unschedulable === true)).toHaveLength(1);
    expect(all.nodes!.filter((node) => ready(node) !== 'True')).toHaveLength(1);
    expect(all.nodes!.filter(({ metadata }) => metadata.labels['example.com/pool'] === 'gpu')).toHaveLength(
      2,
    );
    expect(
      all.nodes!.filter(({ metadata }) => 'node-role.kubernetes.io/control-plane' in metadata.labels),
    ).toHaveLength(3);
  });

  test('names on each node the images of what runs there, the largest first and fifty at most', () => {
    const [node] = all.nodes!;
    const names = new Set(node.status.images.flatMap((image: Read) => image.names));
    for (const { spec } of pods.filter((pod) => pod.spec.nodeName === node.metadata.name)) {
      for (const container of spec.containers) expect(names).toContain(container.image);
    }
    const sizes = node.status.images.map((image: Read) => image.sizeBytes);
    expect(sizes).toEqual(sizes.toSorted((one: number, other: number) => other - one));
    const crowded = objects({ ...options, nodes: 2, podsPerNode: 100 });
    for (const { status } of crowded.nodes!) expect(status.images.length).toBeLessThanOrEqual(50);
  });

  test('writes pods as large as real ones are', () => {
    const size = pods.reduce((sum, pod) => sum + JSON.stringify(pod).length, 0) / pods.length;
    expect(size).toBeGreaterThan(3000);
    expect(size).toBeLessThan(4700);
  });

  test('lets nothing begin after now', () => {
    for (const { metadata } of Object.values(all).flat()) {
      expect(Date.parse(metadata.creationTimestamp)).toBeLessThan(options.at);
    }
  });
});
