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
const fileOf = (entry: string) => join(bundleFolder, entry, 'index.mjs');
const calls: { what: string; handler: string; event: unknown }[] = [
  {
    what: 'a handler that does nothing',
    handler: `${join(import.meta.dirname, 'bareHandler.mjs')}.handler`,
    event: get('/'),
  },
  ...['/health', '/readyz'].map((path) => ({
    what: `api ${path}`,
    handler: `${fileOf('api')}.handler`,
    event: get(path),
  })),
  ...areaNames.map((area) => ({
    what: `${area}, a stale hand-over`,
    handler: `${fileOf(area)}.work`,
    event: staleHandOver,
  })),
];

await bundle({ isClean: true });
const store = await startStore(undefined);
await createTable(store.endpoint, 'bench');
const environment = { DROVER_TABLE: 'bench', DROVER_STORE_ENDPOINT: store.endpoint, AWS_REGION: 'local' };

console.log(`Node ${process.version}, ${runs} runs each, milliseconds from spawn to first answer`);
for (const { what, handler, event } of calls) {
  const taken: number[] = [];
  const used: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { took, cpu } = await coldStart(handler, event, environment);
    taken.push(took);
    used.push(cpu);
  }
  console.log(
    `${what.padEnd(28)} fastest ${at(taken, 0)}  median ${at(taken, 0.5)}  p95 ${at(taken, 0.95)}  processor ${at(used, 0.5)}`,
  );
}
for (const entry of entries) {
  const { first, all } = bundleSize(entry);
  console.log(`${entry.padEnd(8)} loads ${shown(first)} at start, holds ${shown(all)}`);
}
await store.close();

function shown({ bytes, zipped }: Size): string {
  return `${Math.round(bytes / 1024)} KiB (${Math.round(zipped / 1024)} gzipped)`;
}

function at(figures: number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
}
