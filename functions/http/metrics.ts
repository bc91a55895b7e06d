import { z } from '@hono/zod-openapi';
import { authError } from '#auth';
import { readView, renderMetrics } from '#metrics';
import type { Routes } from './api.ts';
import { endpoint } from './endpoint.ts';
import { refusedField } from './issues.ts';

const slicesForm = {
  en: 'must be none, one number up to 63, or two with a dash',
  zh: '必须是 none、一个不大于 63 的数字，或以短横线相连的两个数字',
};

export const metricsRoutes: Routes = (api) => {
  const { table, log, settings, metrics } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path: '/metrics',
      role: settings.metricsPublic ? 'anyone' : 'viewer',
      tag: 'Health',
      summary: 'Metrics for Prometheus',
      description: 'Open to anyone where DROVER_METRICS_PUBLIC says so.',
      query: z.strictObject({
        slices: z.string().max(10).optional().openapi({
          description: 'none: without series per record; 7 or 16-31: only those of such slices.',
        }),
      }),
      answers: {
        200: {
          description: 'Prometheus text or OpenMetrics, by Accept.',
          schema: z.string(),
          type: ['text/plain', 'application/openmetrics-text'],
        },
      },
    },
    async ({ c, query: { slices }, caller }) => {
      // The series are the whole fleet's: they cannot be cut to what a token's labels allow.
      if (caller.reach) throw authError('OUT_OF_REACH', { selector: caller.reach.selector });
      const view = readView(slices);
      if (!view) {
        throw refusedField('query.slices', 'format', slicesForm, c.get('language'));
      }
      const { body, headers } = await renderMetrics({
        table,
        log,
        view,
        ...metrics,
        accept: c.req.header('accept'),
        acceptEncoding: c.req.header('accept-encoding'),
      });
      return c.body(body, 200, headers);
    },
  );
};
