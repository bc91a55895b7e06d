import { z } from '@hono/zod-openapi';
import { lastTicks } from '#metrics';
import type { Table } from '#store';
import { type Clock, iso, minute } from '#time';
import type { Routes } from './api.ts';
import { endpoint } from './endpoint.ts';

/** Ticks come every minute; three missed ones are no chance any more. */
const longestSilence = 3 * minute;

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).openapi('Health');

const readySchema = z
  .object({
    status: z.enum(['ready', 'notReady']),
    store: z.enum(['answers', 'silent']),
    areas: z.array(
      z.object({
        area: z.string(),
        lastTickAt: z.string().nullable(),
        status: z.enum(['ticking', 'silent', 'never']),
      }),
    ),
    failing: z.array(z.string()).openapi({ description: 'What keeps it from being ready, by name.' }),
  })
  .openapi('Readiness');

export const healthRoutes: Routes = (api) => {
  const { ports } = api;
  endpoint(
    api,
    {
      method: 'get',
      path: '/health',
      role: 'anyone',
      tag: 'Health',
      summary: 'Whether the function answers at all',
      answers: { 200: { description: 'Alive.', schema: healthSchema } },
    },
    async ({ c }) => c.json({ status: 'ok' as const, version: ports.settings.version }),
  );
  endpoint(
    api,
    {
      method: 'get',
      path: '/readyz',
      role: 'anyone',
      tag: 'Health',
      summary: 'Whether the store answers and every area ticks',
      answers: {
        200: { description: 'Ready.', schema: readySchema },
        503: { description: 'Not ready; "failing" names why.', schema: readySchema },
      },
    },
    async ({ c }) => {
      const ready = await readiness(ports.table, ports.clock, ports.areaNames);
      return c.json(ready, ready.status === 'ready' ? 200 : 503);
    },
  );
};

async function readiness(table: Table, clock: Clock, areaNames: readonly string[]) {
  const ticks = await lastTicks(table).catch(() => undefined);
  const areas = areaNames.map((area) => {
    const at = ticks?.[area];
    const isLate = at !== undefined && clock.now() - at > longestSilence;
    const status =
      at === undefined ? ('never' as const) : isLate ? ('silent' as const) : ('ticking' as const);
    return { area, lastTickAt: at === undefined ? null : iso(at), status };
  });
  const failing = ticks
    ? areas.filter(({ status }) => status !== 'ticking').map(({ area }) => `area ${area}`)
    : ['store'];
  return {
    status: failing.length === 0 ? ('ready' as const) : ('notReady' as const),
    store: ticks ? ('answers' as const) : ('silent' as const),
    areas,
    failing,
  };
}
