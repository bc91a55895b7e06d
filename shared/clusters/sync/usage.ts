import { DroverError } from '#errors';
import { type KubeConnection, objectsPage } from '#kubernetes';
import { millis, quantity } from './quantity.ts';

/** The metrics API answers all nodes at once: some 400 bytes each. */
const mostBytes = 16 * 1024 * 1024;

/** What the nodes use; null where there is no metrics API. */
export async function readUsage(connection: KubeConnection, signal: AbortSignal) {
  try {
    const { items } = await objectsPage(connection, '/apis/metrics.k8s.io/v1beta1/nodes', {
      maxBytes: mostBytes,
      signal,
    });
    let [cpuMillis, memoryBytes] = [0, 0];
    for (const { usage } of items as { usage?: { cpu?: string; memory?: string } }[]) {
      cpuMillis += millis(usage?.cpu);
      memoryBytes += quantity(usage?.memory);
    }
    return { cpuMillis, memoryBytes: Math.round(memoryBytes), nodes: items.length };
  } catch (error) {
    if (error instanceof DroverError && error.code === 'OBJECT_NOT_FOUND') return null;
    throw error;
  }
}
