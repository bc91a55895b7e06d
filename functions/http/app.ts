import { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { newId } from '#time';
import type { AppContext, AppEnv } from './appEnv.ts';
import type { AppPorts } from './appPorts.ts';
import { httpError } from './errors.ts';
import { languageOf } from './language.ts';
import { answerError, problemResponse } from './problem.ts';

export type App = OpenAPIHono<AppEnv>;

export function createApp(ports: AppPorts): App {
  const app: App = new OpenAPIHono<AppEnv>({ strict: false });

  app.use(async (c, next) => {
    const started = ports.clock.now();
    c.set('requestId', requestIdOf(c, ports));
    c.set('language', languageOf(c.req.header('accept-language')));
    c.set('route', 'unmatched');
    await next();
    c.header('x-request-id', c.get('requestId'));
    const labels = { route: c.get('route'), method: c.req.method };
    ports.meter.count('drover_http_requests_total', { ...labels, status: String(c.res.status) });
    ports.meter.observe('drover_http_request_duration_seconds', labels, (ports.clock.now() - started) / 1000);
    await ports.flush();
  });
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerMethod }));

  app.get('/health', (c) => {
    c.set('route', '/health');
    return c.json({ status: 'ok', version: ports.settings.version });
  });

  app.notFound((c) => problemResponse(c, httpError('ROUTE_UNKNOWN')));
  app.onError((error, c) => answerError(c, error, ports.log));
  return app;
}

function answerMethod(c: AppContext, methods: string[]): Response {
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  return problemResponse(c, httpError('METHOD_NOT_ALLOWED', { method: c.req.method, allow }), { allow });
}

/** A caller's own id is kept where it is harmless in logs and headers, so that its logs and ours can be joined. */
function requestIdOf(c: AppContext, ports: AppPorts): string {
  const given = c.req.header('x-request-id');
  if (given !== undefined && /^[\w.-]{8,64}$/.test(given)) return given;
  return newId('req', ports.clock.now(), ports.random);
}
