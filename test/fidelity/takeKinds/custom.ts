import { setTimeout as sleep } from 'node:timers/promises';
import type { Column } from '../../../infra/world/kubernetes/kinds/kinds.ts';
import { template, templateDefinition } from '../../../infra/world/kubernetes/kinds/template.ts';
import type { Server } from './server.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** What the server says of a custom resource while there is one. */
export async function takeCustom(
  server: Server,
  scope: 'Namespaced' | 'Cluster',
  columns: (path: string) => Promise<readonly Column[]>,
): Promise<{ openapi: string; columns: readonly Column[] }> {
  const body = templateDefinition(scope);
  const { group, version, plural } = template;
  const path = `apis/${group}/${version}`;
  await server.ask(definitions, { method: 'POST', body });
  try {
    const openapi = await until(server, `/openapi/v3/${path}`, (text) =>
      text.includes(`/${plural}/{name}/scale`),
    );
    return { openapi, columns: await columns(`/${path}/${plural}`) };
  } finally {
    await server.ask(`${definitions}/${body.metadata.name}`, { method: 'DELETE' });
    await until(server, '/openapi/v3', (text) => !text.includes(group));
  }
}

/** Definitions take effect a moment after they are written. */
async function until(server: Server, path: string, isSo: (text: string) => boolean): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { status, text } = await server.ask(path);
    if (status === 200 && isSo(text)) return text;
    await sleep(100);
  }
  throw new Error(`${path} did not come to what was expected within 10 s`);
}
