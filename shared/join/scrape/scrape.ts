import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DroverError } from '#errors';
import { NvRefused } from '#neuvector';
import { type Collected, collect, headText, labelsText, ownSeries, sampleText } from '#neuvector/exporter';
import type { Meter, Row } from '#reconcile';
import { StoreUnanswered } from '#store';
import { type Instant, type Millis, second } from '#time';
import type { Access } from '../access/access.ts';
import { isRefused } from '../access/errors.ts';
import type { Scraped } from '../calls.ts';
import type { ControllerAccess, MembershipData } from '../model.ts';
import { type Result, resultOrTurn, type SharedPorts, type Turn } from './shared.ts';

export interface ScrapeParts extends SharedPorts {
  access: Pick<Access, 'controller'>;
  meter: Meter;
}

/** How the metrics are wanted. */
export interface Form {
  /** Exactly as the official exporter gives them. */
  compat: boolean;
  /** Also each enforcer's processor and memory: one request more for each. */
  enforcerStats?: boolean;
}

const nameOf = ({ compat, enforcerStats }: Form): string =>
  `${compat ? 'compat' : 'plain'}${enforcerStats ? '+enforcers' : ''}`;

/** So old may be what is answered: those who ask at about the same time are answered with the same. */
const freshFor: Millis = 5 * second;
const contentType = 'text/plain; version=0.0.4; charset=utf-8';
const packed = promisify(gzip);

interface Asked {
  /** When it was collected; undefined while that is under way. */
  at?: Instant;
  result: Promise<Result>;
}

/** What was asked for in this process, by the way it goes. */
const asked = new WeakMap<object, Map<string, Asked>>();

/**
 * The metrics of a membership's controller. One collection serves all who ask meanwhile and shortly after. Of the join
 * nothing is looked at: whatever is the matter with that, metrics are served.
 */
export async function scrape(parts: ScrapeParts, row: Row<MembershipData>, form: Form): Promise<Scraped> {
  const { text } = await resultFor(parts, row, form);
  return { gzip: Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('base64'), contentType };
}

function resultFor(parts: ScrapeParts, row: Row<MembershipData>, form: Form): Promise<Result> {
  const { access, clock, meter } = parts;
  const here = asked.get(access) ?? new Map<string, Asked>();
  asked.set(access, here);
  // Another slot is another controller, or another who asks there.
  const key = `${row.id} ${row.data.slot} ${nameOf(form)}`;
  const since = clock.now() - freshFor;
  for (const [other, { at }] of here) if (at !== undefined && at < since) here.delete(other);
  const found = here.get(key);
  if (found) {
    meter.count('drover_scrapes_total', { outcome: 'shared' });
    return found.result;
  }
  const made: Asked = { result: make(parts, row, form, since) };
  here.set(key, made);
  const forget = () => here.get(key) === made && here.delete(key);
  made.result.then(({ at }) => {
    made.at = at;
  }, forget);
  return made.result;
}

async function make(
  parts: ScrapeParts,
  row: Row<MembershipData>,
  form: Form,
  since: Instant,
): Promise<Result> {
  const what = nameOf(form);
  const found = await resultOrTurn(parts, row.id, { what, slot: row.data.slot }, since);
  if ('finish' in found) return collectNow(parts, row, form, found);
  parts.meter.count('drover_scrapes_total', { outcome: 'shared' });
  return found;
}

async function collectNow(
  { access, clock, meter }: ScrapeParts,
  row: Row<MembershipData>,
  form: Form,
  turn: Turn,
): Promise<Result> {
  const at = clock.now();
  const target = targetOf(row.data.controller);
  const { compat, enforcerStats = false } = form;
  const options = { target, compat, enforcerStats, clock };
  const read = await access
    .controller(row, { kind: 'scrape', within: {} }, (signedIn) => collect(signedIn, options))
    .then((collected) => ({ collected }), failureOf);
  const tookMs = clock.now() - at;
  meter.observe('drover_scrape_duration_seconds', {}, tookMs / second);
  meter.count('drover_scrapes_total', { outcome: 'code' in read ? 'failed' : 'collected' });
  if ('code' in read) meter.count('drover_scrape_failures_total', { cause: read.code });
  const failures = turn.failures + ('code' in read && isRefused(read.code) ? 1 : 0);
  const own = compat && 'collected' in read ? '' : ownText({ target, at, tookMs, failures, ...read });
  const collected = 'collected' in read ? read.collected.text : new Uint8Array();
  const text = await packed(Buffer.concat([collected, Buffer.from(own)]), { level: 3 });
  const result: Result = { text, at };
  await turn.finish(result, failures).catch((error: unknown) => {
    // It is not shared then.
    if (!(error instanceof StoreUnanswered)) throw error;
  });
  return result;
}

/** Its code, where it is no fault of ours. */
function failureOf(error: unknown): { code: string } {
  if (error instanceof DroverError) return { code: error.code };
  if (error instanceof NvRefused) return { code: 'CONTROLLER_REFUSES' };
  throw error;
}

function ownText(scraped: {
  target: string;
  at: Instant;
  tookMs: Millis;
  failures: number;
  collected?: Collected;
  code?: string;
}): string {
  const { target, at, tookMs, failures, collected, code } = scraped;
  const began = 'nv_exporter_collection_timestamp_seconds';
  const error = 'nv_exporter_error';
  return [
    ownSeries({ target, tookMs, signInFailures: failures, ...(collected && { collected }) }),
    headText(began, 'When what is shown began to be read, in seconds since 1970.', 'gauge'),
    sampleText(began, labelsText({ target }), at / second),
    ...(code === undefined
      ? []
      : [
          headText(error, 'Always 1; its label says why nothing was read.', 'gauge'),
          sampleText(error, labelsText({ code, target }), 1),
        ]),
  ].join('');
}

/** As the official exporter has it: the address without its port. */
const targetOf = (controller: ControllerAccess): string =>
  controller.by === 'address'
    ? controller.address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
    : `${controller.service}.${controller.namespace}`;
