import { join } from 'node:path';
import { areaNames } from '../../functions/areas.ts';
import { createTable } from '../../infra/aws/createTable.ts';
import { bundle, bundleFolder, entries } from '../../infra/build/bundle.ts';
import { bundleSize, type Size } from '../../infra/build/bundleSize.ts';
import { startStore } from '../../infra/local/store.ts';
import { coldStart } from './lambdaRuntime.ts';

/** `npm run bench:coldstart [runs]`: each function's bundle, from starting its process to its first answer. */
const runs = Number(process.argv[2] ?? 15);

const get = (path: string) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: { host: 'bench' },
  isBase64Encoded: false,
  requestContext: { http: { method: 'GET', path, sourceIp: '127.0.0.1' }, requestId: 'bench' },
});
/** Dropped as too old: it is loaded, built, flushed and answered, and does no work. */
const staleHandOver = { at: 0, kind: 'step', ids: [] };
const calls: [string, string, unknown][] = [
  ['api', 'handler', get('/health')],
  ['api', 'handler', get('/readyz')],
  ...areaNames.map((area): [string, string, unknown] => [area, 'work', staleHandOver]),
];

await bundle({ isClean: true });
const store = await startStore(undefined);
await createTable(store.endpoint, 'bench');
const environment = { DROVER_TABLE: 'bench', DROVER_STORE_ENDPOINT: store.endpoint, AWS_REGION: 'local' };

console.log(`Node ${process.version}, ${runs} runs each, milliseconds from spawn to first answer`);
for (const [entry, name, event] of calls) {
  const file = join(bundleFolder, entry, 'index.mjs');
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { took } = await coldStart(`${file}.${name}`, event, environment);
    taken.push(took);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]!);
  const what = 'rawPath' in (event as object) ? (event as { rawPath: string }).rawPath : 'stale hand-over';
  console.log(`${entry.padEnd(8)} ${what.padEnd(16)} fastest ${at(0)}  median ${at(0.5)}  p95 ${at(0.95)}`);
}
for (const entry of entries) {
  const { first, all } = bundleSize(entry);
  console.log(`${entry.padEnd(8)} loads ${shown(first)} at start, holds ${shown(all)}`);
}
await store.close();

function shown({ bytes, zipped }: Size): string {
  return `${Math.round(bytes / 1024)} KiB (${Math.round(zipped / 1024)} gzipped)`;
}
