import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import PQueue from 'p-queue';
import { DroverError } from '#errors';
import type { Clock, Millis } from '#time';
import { netError } from './errors.ts';

/** Looks up the addresses of a name, every one of them. Rejects with the resolver's own error. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>;

/**
 * The hosts file, then c-ares. Not `dns.lookup`: that is getaddrinfo on one of libuv's four threads, where a
 * resolver that never answers cannot be cancelled, holds the thread for ten seconds and more, and with four such
 * names stops every file read of the process. c-ares uses no thread and `cancel` ends it at once, so a place in the
 * queue is free when its time is up. The price: no search domains, no mDNS.
 */
export function systemResolve(servers?: readonly string[], hostsFile = '/etc/hosts'): Resolve {
  return async (host, signal) => {
    // RFC 6761: never a question for a name server, nor for a hosts file that knows more of it than loopback.
    if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
    const listed = addressesIn(await readFile(hostsFile, 'utf8').catch(() => ''), host);
    if (listed.length > 0) return listed;
    signal.throwIfAborted();
    // One per look-up, because `cancel` ends all that its resolver has under way.
    const resolver = new Resolver({ timeout: 1_000, tries: 4 });
    if (servers) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await bothFamilies(resolver.resolve4(host), resolver.resolve6(host), signal);
    } finally {
      signal.removeEventListener('abort', cancel);
      resolver.cancel();
    }
  };
}

/** Some name servers drop questions for one family: where the other has answered, this is how long is waited for it. */
const familyGrace: Millis = 250;

async function bothFamilies(
  v4: Promise<string[]>,
  v6: Promise<string[]>,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  const families = [v4, v6].map((family) => family.then((addresses) => found.push(...addresses)));
  const all = Promise.allSettled(families);
  try {
    await Promise.any(families);
  } catch (failed) {
    const reasons: unknown[] = failed instanceof AggregateError ? failed.errors : [failed];
    throw reasons.find((reason) => !isNoSuchName(reason)) ?? reasons[0];
  }
  const answered = new AbortController();
  const grace = setTimeout(familyGrace, undefined, { signal: AbortSignal.any([signal, answered.signal]) });
  await Promise.race([all, grace.catch(ignoreLate)]);
  answered.abort();
  return [...found];
}

export function addressesIn(hosts: string, host: string): string[] {
  return hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(
      ([address, ...names]) => ipaddr.isValid(address ?? '') && names.some((n) => n.toLowerCase() === host),
    )
    .map(([address]) => address!);
}

const codeOf = (error: unknown): string =>
  String((error as { code?: unknown } | undefined)?.code ?? 'unknown');
const isNoSuchName = (error: unknown) => ['ENOTFOUND', 'ENODATA', 'EBADNAME'].includes(codeOf(error));

export interface NamesOptions {
  clock: Clock;
  resolve?: Resolve;
  /** Look-ups under way at once, and how many may wait for a place. */
  atOnce?: number;
  waiting?: number;
  /** For one look-up, waiting included. */
  timeout?: Millis;
}

/** Name look-ups, capped in number and time; the same name asked for at the same moment is looked up once. */
export class Names {
  readonly #queue: PQueue;
  readonly #underWay = new Map<string, Promise<string[]>>();
  readonly #clock: Clock;
  readonly #resolve: Resolve;
  readonly #waiting: number;
  readonly #timeout: Millis;

  constructor(options: NamesOptions) {
    this.#clock = options.clock;
    this.#resolve = options.resolve ?? systemResolve();
    this.#waiting = options.waiting ?? 1_000;
    this.#timeout = options.timeout ?? 2_000;
    this.#queue = new PQueue({ concurrency: options.atOnce ?? 32 });
  }

  get underWay(): number {
    return this.#queue.pending;
  }

  /** Never empty; in no particular order. */
  async addressesOf(host: string): Promise<string[]> {
    const shared = this.#underWay.get(host);
    if (shared) return shared;
    if (this.#queue.size >= this.#waiting) {
      throw netError('DNS_BUSY', { host, waiting: this.#queue.size }, { retryAfterSeconds: 5 });
    }
    const look = this.#look(host).finally(() => this.#underWay.delete(host));
    this.#underWay.set(host, look);
    return look;
  }

  async #look(host: string): Promise<string[]> {
    const deadline = this.#clock.now() + this.#timeout;
    const done = new AbortController();
    const expired = new AbortController();
    const late = (cause?: unknown) => netError('DNS_TIMEOUT', { host, ms: this.#timeout }, { cause });
    const timeUp = this.#clock.sleep(this.#timeout, done.signal).then((): never => {
      if (!done.signal.aborted) expired.abort();
      throw late();
    });
    // The place in the queue is given up when the time is, even by a resolver that does not heed its signal.
    const look = this.#queue.add(() => {
      if (this.#clock.now() >= deadline) throw late();
      return Promise.race([this.#resolve(host, expired.signal), timeUp]);
    });
    timeUp.catch(ignoreLate);
    look.catch(ignoreLate);
    const found = await Promise.race([look, timeUp])
      .catch((error: unknown) => {
        if (error instanceof DroverError) throw error;
        if (expired.signal.aborted) throw late(error);
        if (isNoSuchName(error)) return [];
        throw netError('DNS_TEMPFAIL', { host, reason: codeOf(error) }, { cause: error });
      })
      .finally(() => done.abort());
    if (found.length === 0) throw netError('DNS_NXDOMAIN', { host });
    return found;
  }
}

/** What comes after the answer was given concerns nobody any more. */
const ignoreLate = () => undefined;
