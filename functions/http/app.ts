import { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { Authenticator, Denials, type OidcIssuer, type OidcSettings, Sessions, Throttle } from '#auth';
import { tokenShelf } from '#core';
import { withFields } from '#log';
import { newId } from '#time';
import type { Api, Routes } from './api.ts';
import type { AppContext, AppEnv } from './appEnv.ts';
import type { AppPorts } from './appPorts.ts';
import { auditRoutes } from './audit.ts';
import { signedCursors } from './cursors.ts';
import { docsRoutes } from './docs.ts';
import { httpError } from './errors.ts';
import { noteDenial } from './gate.ts';
import { crossOrigin, securityHeaders } from './headers.ts';
import { healthRoutes } from './health.ts';
import { homeRoutes } from './home.ts';
import { Idempotency } from './idempotency.ts';
import { languageOf } from './language.ts';
import { metricsRoutes } from './metrics.ts';
import { openapiRoutes } from './openapi.ts';
import { answerError, problemResponse } from './problem.ts';
import { settingsRoutes } from './settings.ts';
import { signInRoutes } from './signIn.ts';
import { tokenRoutes } from './tokens.ts';
import { webhookRoutes } from './webhooks.ts';
import { whoamiRoutes } from './whoami.ts';

export type App = OpenAPIHono<AppEnv>;

/** The routes of Drover itself; each area adds its own. */
const ownRoutes: readonly Routes[] = [
  homeRoutes,
  docsRoutes,
  healthRoutes,
  metricsRoutes,
  openapiRoutes,
  signInRoutes,
  whoamiRoutes,
  tokenRoutes,
  webhookRoutes,
  settingsRoutes,
  auditRoutes,
];

export function createApp(ports: AppPorts, areas: readonly Routes[] = []): App {
  const app: App = new OpenAPIHono<AppEnv>({ strict: false });
  const { settings, log } = ports;

  app.use((c, next) => {
    c.set('requestId', requestIdOf(c, ports));
    c.set('language', languageOf(c.req.header('accept-language')));
    c.set('route', 'unmatched');
    return withFields({ requestId: c.get('requestId') }, () => counted(c, ports, next));
  });
  app.use(securityHeaders);
  const cors = crossOrigin(settings.corsOrigins);
  if (cors) app.use('/api/*', cors);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerMethod }));

  const denials = new Denials(ports.table, ports.clock);
  const api = apiOf(app, ports, denials);
  for (const routes of [...ownRoutes, ...areas]) routes(api);

  app.notFound((c) => problemResponse(c, httpError('ROUTE_UNKNOWN')));
  app.onError(async (error, c) => {
    // A trail that cannot be written must not hide what is to be answered.
    await noteDenial(c, denials, error).catch((trouble: unknown) =>
      log.error('denial not noted', { requestId: c.get('requestId'), error: trouble }),
    );
    return answerError(c, error, log);
  });
  return app;
}

/** Loaded with the first token of it: most cold starts, and installations without one, do without. */
function issuerOf(settings: OidcSettings, { fetchJson, clock }: AppPorts): Pick<OidcIssuer, 'check'> {
  let loading: Promise<OidcIssuer> | undefined;
  const load = async () => new (await import('#auth/oidc')).OidcIssuer(settings, fetchJson, clock);
  return {
    async check(token) {
      loading ??= load();
      return (await loading).check(token);
    },
  };
}

function apiOf(app: App, ports: AppPorts, denials: Denials): Api {
  const { table, clock, random, settings } = ports;
  const sessions = new Sessions(table, clock, random);
  const { oidcIssuer: issuer, oidcAudience: audience, oidcRoleClaim: roleClaim } = settings;
  const isOidc = issuer !== undefined && audience !== undefined;
  const authenticator = new Authenticator({
    clock,
    sessions,
    denials,
    tokens: tokenShelf(ports.core, table, clock),
    throttle: new Throttle(table, clock),
    oidc: isOidc ? issuerOf({ issuer, audience, roleClaim }, ports) : undefined,
  });
  return {
    app,
    ports,
    authenticator,
    sessions,
    idempotency: new Idempotency(table, clock),
    cursors: signedCursors(table, clock, random),
  };
}

/** What the call has counted is written at its end, whatever came of it. */
async function counted(c: AppContext, ports: AppPorts, next: () => Promise<void>): Promise<void> {
  const { clock, meter } = ports;
  const started = clock.now();
  await next();
  c.header('x-request-id', c.get('requestId'));
  const labels = { route: c.get('route'), method: c.req.method };
  meter.count('drover_http_requests_total', { ...labels, status: String(c.res.status) });
  meter.observe('drover_http_request_duration_seconds', labels, (clock.now() - started) / 1000);
  await ports.flush();
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
