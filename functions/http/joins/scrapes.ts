import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from '@hono/zod-openapi';
import type { MembershipData } from '#join';
import { acceptsGzip } from '#metrics';
import { type Clock, type Millis, second } from '#time';
import type { Api } from '../api.ts';
import type { AppContext } from '../appEnv.ts';
import { endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { outward } from '../outside.ts';
import { findRow } from '../recordRoutes.ts';
import { joinHttpError } from './errors.ts';
import { askWorker } from './worker.ts';

/** A gateway waits 29 s, and a worker's call 25. */
const longest = 24 * second;
/** What is left for the answer's own way, so that Prometheus gets a reason and not a silence. */
const wayBack = second / 2;

const flag = (description: string) =>
  z
    .enum(['0', '1', 'true', 'false'])
    .transform((text) => text === '1' || text === 'true')
    .optional()
    .openapi({ description });
const form = {
  compat: flag('1: exactly as the official exporter gives them, its known defects included.'),
  enforcerStats: flag('1: also processor and memory of each enforcer, for a request more each.'),
};
const which = z
  .string()
  .min(1)
  .max(300)
  .openapi({ description: 'Id or name of a membership.', example: 'store-0412' });

/**
 * Metrics of one controller, in the manner of multi-target exporters. The name only chooses among what is registered:
 * nothing that a query says is ever dialled.
 */
export function scrapeRoutes(api: Api, kind: Kind<MembershipData>): void {
  const byMembership = z.strictObject({ membership: which, ...form });
  scrapeRoute(api, kind, '/metrics/neuvector', byMembership, ({ membership }) => membership);
  scrapeRoute(api, kind, '/probe', z.strictObject({ target: which, ...form }), ({ target }) => target);
}

function scrapeRoute<Q extends { compat?: boolean | undefined; enforcerStats?: boolean | undefined }>(
  api: Api,
  kind: Kind<MembershipData>,
  path: string,
  query: z.ZodType<Q>,
  meantBy: (query: Q) => string,
): void {
  const { settings, couriers, clock } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path,
      role: settings.metricsPublic ? 'anyone' : kind.roles.read,
      tag: 'NeuVector metrics',
      summary: 'Metrics of a membership’s controller, for Prometheus',
      description:
        'Open to anyone where DROVER_METRICS_PUBLIC says so. Answers within the time that X-Prometheus-Scrape-Timeout-Seconds names.',
      query,
      problems: [404, 409, 422, ...outward],
      answers: { 200: { description: 'Prometheus text.', schema: z.string(), type: 'text/plain' } },
    },
    async (call) => {
      const { id } = await findRow(kind, meantBy(call.query), call.caller);
      const limit = timeFor(call.c.req.header('x-prometheus-scrape-timeout-seconds'));
      const { compat = false, enforcerStats } = call.query;
      const form = { compat, ...(enforcerStats !== undefined && { enforcerStats }) };
      return answerText(
        call.c,
        await within(clock, limit, askWorker(couriers, { do: 'scrape', id, ...form })),
      );
    },
  );
}

async function answerText(
  c: AppContext,
  { gzip, contentType }: { gzip: string; contentType: string },
): Promise<Response> {
  const packed = Buffer.from(gzip, 'base64');
  const headers = { 'content-type': contentType, vary: 'accept-encoding', 'cache-control': 'no-store' };
  if (!acceptsGzip(c.req.header('accept-encoding')))
    return c.body(await promisify(gunzip)(packed), 200, headers);
  return c.body(packed, 200, { ...headers, 'content-encoding': 'gzip' });
}

export function timeFor(asked: string | undefined): Millis {
  const seconds = Number(asked?.trim() || Number.NaN);
  if (!(seconds > 0)) return longest;
  return Math.min(longest, Math.max(wayBack, seconds * second - wayBack));
}

/** What comes later than that is of no use to anybody; its failure neither. */
async function within<T>(clock: Clock, limit: Millis, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(limit, over.signal).then((): never => {
    throw joinHttpError('SCRAPE_LATE', { seconds: limit / second });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    for (const one of [work, late]) one.catch(() => undefined);
  }
}
