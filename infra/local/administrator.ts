import { readFile, rename, writeFile } from 'node:fs/promises';
import { Sessions } from '#auth';
import { coreArea, ensureAdministrator, signInPath } from '#core';
import { createEngine } from '#reconcile';
import { buildDrover } from '../../functions/ports.ts';

/**
 * The administrator of a local run: whoever may read its data folder. The token stays the same from start to
 * start; the path signs a browser in, once.
 */
export async function localAdministrator(
  environment: NodeJS.ProcessEnv,
  tokenFile: string,
): Promise<{ signIn: string }> {
  const ports = buildDrover(environment);
  const core = createEngine(coreArea, ports).records;
  const { id, text } = await ensureAdministrator({ ...ports, core }, await known(tokenFile));
  await keep(tokenFile, text);
  const signIn = await signInPath(new Sessions(ports.table, ports.clock, ports.random), id);
  await ports.flush();
  return { signIn };
}

async function known(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Replaced whole: half a token would lock its owner out. */
async function keep(file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, `${text}\n`, { mode: 0o600 });
  await rename(draft, file);
}
