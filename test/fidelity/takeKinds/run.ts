import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { dataFile } from '../../../infra/world/kubernetes/kinds/data.ts';
import { startControlPlane } from '../controlPlane/start.ts';
import { serverOf } from './server.ts';
import { takeKinds } from './take.ts';

/** `npm run world:kinds`: asks a fresh control plane what kinds there are, for the simulation. */
const folder = await mkdtemp(join(tmpdir(), 'drover-kinds-'));
try {
  // The port stands in an object that every cluster has.
  const cluster = await startControlPlane({ folder, port: 6443 });
  const server = serverOf(cluster);
  try {
    const text = JSON.stringify(await takeKinds(server));
    const bytes = brotliCompressSync(text, {
      params: {
        // The documents repeat each other: what was said megabytes before must still be in the window.
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
      },
    });
    await writeFile(dataFile, bytes);
    console.log(`${dataFile.pathname}: ${bytes.length} bytes for ${Buffer.byteLength(text)}.`);
  } finally {
    await server.close();
    await cluster.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
