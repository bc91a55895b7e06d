import type { Language } from '#errors';
import { readSettings } from '#settings';
import { stopRequested } from '../local/stopRequested.ts';
import type { Options } from './options.ts';
import { worldBlock } from './say.ts';
import { startWorld } from './world.ts';

/** Told to the process that started the world beside something else, when it is ready. */
export interface WorldMessage {
  readonly control: string;
  /** Files of the clusters that have ports of their own. */
  readonly kubeconfigs: readonly string[];
  /** The file that lists the NeuVector controllers. */
  readonly controllers: string;
}

/** Runs the world until it is asked to stop, or whoever started it is gone. */
export async function runWorld(
  options: Options,
  environment: NodeJS.ProcessEnv,
  language: Language,
): Promise<void> {
  const { data } = readSettings(environment);
  const stop = AbortSignal.any([stopRequested(environment), starterGone()]);
  await using world = await startWorld({ ...options, data });
  if (stop.aborted) return;
  if (process.send) process.send(messageOf(world));
  else console.log(worldBlock(world, language));
  await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
}

const messageOf = ({
  control,
  clusters,
  controllersFile,
}: Awaited<ReturnType<typeof startWorld>>): WorldMessage => ({
  control,
  kubeconfigs: [...clusters.values()].filter(({ isAlone }) => isAlone).map(({ kubeconfig }) => kubeconfig),
  controllers: controllersFile,
});

function starterGone(): AbortSignal {
  const gone = new AbortController();
  process.once('disconnect', () => gone.abort());
  // It may have gone before anyone listened.
  if (process.send && !process.connected) gone.abort();
  return gone.signal;
}
