import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { DroverError } from '#errors';
import { languageOf } from '../../infra/local/errors.ts';
import { sentenceOf } from '../../infra/local/say.ts';
import type { RealCluster } from './controlPlane/connection.ts';
import { givenCluster } from './controlPlane/given.ts';
import { startControlPlane } from './controlPlane/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster that says what is right. */
    real: RealCluster;
  }
}

const nodes = 5;

/** The real cluster for all cases: the one KUBECONFIG names, or one of our own that ends with the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    if (process.env.KUBECONFIG) {
      project.provide('real', await givenCluster(process.env));
      return async () => {};
    }
    const folder = await mkdtemp(join(tmpdir(), 'drover-fidelity-'));
    const { failed: _, stop, ...real } = await startControlPlane({ folder, nodes });
    project.provide('real', real);
    return async () => {
      await stop();
      await rm(folder, { recursive: true });
    };
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    const said = new Error(sentenceOf(error, languageOf(process.env)));
    // Words for a person, to whom the way through the program says nothing.
    said.stack = said.message;
    throw said;
  }
}
