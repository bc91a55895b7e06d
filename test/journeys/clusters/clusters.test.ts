import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startDrover } from '../drover.ts';
import { asAdministrator } from './asAdministrator.ts';
import { kubeOf } from './kube.ts';
import type { Stage } from './stage.ts';
import { stories } from './stories.ts';

describe.each([
  { mode: 'one process', args: [] as string[] },
  { mode: 'threads', args: ['--threads'] },
])('a cluster, handlers in $mode', ({ args }) => {
  const undo: (() => Promise<void>)[] = [];
  let stage: Stage;

  beforeAll(async () => {
    const drover = await startDrover({ args, hasWorld: true, atEnd: (end) => undo.push(end) });
    const kubeconfig = await readFile(join(drover.data, 'world', 'development.kubeconfig'), 'utf8');
    const kube = kubeOf(kubeconfig);
    undo.push(() => kube.close());
    stage = { call: await asAdministrator(drover), kube, isSimulated: true, prefix: 'journey' };
  });
  afterAll(async () => {
    for (const end of undo.reverse()) await end();
  });

  test.each(Object.entries(stories))('%s', (_, story) => story(stage));
});
