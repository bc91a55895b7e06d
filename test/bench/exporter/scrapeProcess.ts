import { createNet } from '#net';
import { type SignedIn, signIn, signOut, wayTo } from '#neuvector';
import { collect } from '#neuvector/exporter';
import { systemClock } from '#time';
import type { ControllerTold } from './controllerProcess.ts';

export interface ScrapesTold {
  readonly requests: number;
  readonly failed: string[];
  readonly samples: number;
  readonly bytes: number;
  /** Of each scrape, in milliseconds. */
  readonly took: readonly { readonly ms: number; readonly cpuMs: number }[];
  /** MiB: what the process grew at its widest, from when it was signed in and had scraped nothing. */
  readonly grown: number;
  readonly grownFirst: number;
}

/** A Drover's part in scrapes of one controller, by itself: `runs` of them, the first on a cold process. */
const [told, runs, compat] = JSON.parse(process.argv[2]!) as [ControllerTold, number, boolean];
const net = createNet({ clock: systemClock, allowLoopback: true });
const way = wayTo({ net, clock: systemClock }, { address: told.address, ca: told.ca });
const { token } = await signIn(way, { username: told.user, password: told.password });
const signedIn: SignedIn = { way, pass: { kind: 'session', token } };

const peak = () => process.resourceUsage().maxRSS / 1_024;
const idle = process.memoryUsage.rss() / 1_048_576;
const took: { ms: number; cpuMs: number }[] = [];
let [grownFirst, requests, samples, bytes] = [0, 0, 0, 0];
let failed: string[] = [];
for (let run = 0; run < runs; run++) {
  const [began, used] = [performance.now(), process.cpuUsage()];
  const options = { target: '127.0.0.1', compat, enforcerStats: false, clock: systemClock, within: 120_000 };
  const read = await collect(signedIn, options);
  const { user, system } = process.cpuUsage(used);
  took.push({ ms: performance.now() - began, cpuMs: (user + system) / 1_000 });
  if (run === 0) grownFirst = peak() - idle;
  requests = read.requests;
  bytes = read.text.length;
  failed = read.families.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure.message}`] : []));
  if (run === runs - 1)
    samples = Buffer.from(read.text)
      .toString()
      .split('\n')
      .filter((line) => /^nv_/.test(line)).length;
}
const grown = peak() - idle;
await signOut(way, token);
await way.close();
process.send!({ requests, failed, samples, bytes, took, grown, grownFirst } satisfies ScrapesTold);
process.disconnect();
