import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runOfficial } from '../fidelity/exporter/python.ts';
import type { ControllerTold } from './exporter/controllerProcess.ts';
import type { ScrapesTold } from './exporter/scrapeProcess.ts';

/**
 * `npm run bench:exporter` (`-- 5` for so many scrapes instead of nine; `-- 5 alone` without Python): what a scrape of one
 * NeuVector controller costs, and what it costs the official exporter (its re-creation of test/fidelity/exporter). The
 * simulated controller has a process to itself, and so has each who reads it: times hold what the controller takes, the
 * processor time and the memory told do not.
 */
const runs = Number(process.argv[2] ?? 9);
const withOfficial = process.argv[3] !== 'alone';

const usual = {
  hosts: 20,
  services: 500,
  workloads: 2_000,
  registries: 50,
  imagesPerRegistry: 8,
  events: 100,
};
const sizes = {
  'As wanted': usual,
  'Ten times longer lists': {
    ...{ ...usual, services: 5_000, workloads: 20_000 },
    ...{ imagesPerRegistry: 80, events: 1_000 },
  },
};

const start = (file: string, argument: unknown): ChildProcess =>
  fork(fileURLToPath(new URL(`exporter/${file}`, import.meta.url)), [JSON.stringify(argument)], {
    // As the worker's function has them.
    execArgv: ['--max-semi-space-size=4'],
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  });

async function told<T>(child: ChildProcess): Promise<T> {
  const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof first[0] !== 'object') throw new Error(`${child.spawnargs[1]} ended with ${first[0]}`);
  return first[0] as T;
}

const median = (values: number[]) => values.toSorted((one, other) => one - other)[values.length >> 1]!;

type Took = ScrapesTold['took'];

const inWords = (took: Took) =>
  `${median(took.map(({ ms }) => ms)).toFixed(0)} ms (${Math.min(...took.map(({ ms }) => ms)).toFixed(0)} at best), ` +
  `${median(took.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms of processor time`;

console.log(
  `Node ${process.version}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}; the median of ${runs} scrapes`,
);
for (const [name, size] of Object.entries(sizes)) {
  const controller = start('controllerProcess.ts', size);
  const place = await told<ControllerTold>(controller);
  const { services, workloads, registries, imagesPerRegistry } = size;
  console.log(
    `\n${name}: ${services} services, ${workloads} workloads, ${registries} registries of ${imagesPerRegistry} images`,
  );
  for (const compat of [false, true]) {
    const scraping = start('scrapeProcess.ts', [place, runs, compat]);
    const scrapes = await told<ScrapesTold>(scraping);
    const { requests, samples, bytes, took, grown, grownFirst, failed } = scrapes;
    console.log(
      `  Drover${compat ? ' with compat' : ''}: ${inWords(took)}; first ${took[0]!.ms.toFixed(0)} ms\n` +
        `    ${requests} requests, ${samples} samples, ${(bytes / 1e6).toFixed(2)} MB; grown by ${grownFirst.toFixed(0)} MiB after one scrape, ${grown.toFixed(0)} MiB after all`,
    );
    for (const failure of failed) console.log(`    NOT READ ${failure}`);
    if (!withOfficial || !compat) continue;
    const { took: official } = await runOfficial(place, { runs, enforcers: false });
    const ratio = (of: keyof Took[number]) =>
      (median(took.map((one) => one[of])) / median(official.map((one) => one[of]))).toFixed(2);
    console.log(`  The official exporter: ${inWords(official)}`);
    console.log(`    Drover takes ${ratio('ms')} of its time and ${ratio('cpuMs')} of its processor time`);
  }
  controller.disconnect();
  await once(controller, 'exit');
}
