import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '../../../infra/world/world.ts';

export interface WorldTold {
  control: string;
  small: string[];
  /** Those with ports of their own, which can be made black holes. */
  holes: { name: string; kubeconfig: string }[];
}

/** The simulated clusters, in a process of their own so that the processor time told is Drover's alone. */
const [, , small, holes] = process.argv;
const data = await mkdtemp(join(tmpdir(), 'clusters-bench-'));
const world = await startWorld({
  data,
  clusters: Array.from({ length: Number(holes) }, (_, i) => ({ name: `hole-${i}`, nodes: 1 })),
  small: Number(small),
  firstPort: 24_000,
});
const all = [...world.clusters.values()];
process.send!({
  control: world.control,
  small: all.filter(({ isAlone }) => !isAlone).map(({ kubeconfig }) => kubeconfig),
  holes: all.filter(({ isAlone }) => isAlone).map(({ name, kubeconfig }) => ({ name, kubeconfig })),
} satisfies WorldTold);
await once(process, 'disconnect');
await world[Symbol.asyncDispose]();
await rm(data, { recursive: true });
process.exit(0);
