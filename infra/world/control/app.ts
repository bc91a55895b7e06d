import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { DroverError, say } from '#errors';
import { iso } from '#time';
import { languageOf } from '../../../functions/http/language.ts';
import { pageStyle } from '../../../functions/http/page.ts';
import type { WorldClock } from '../clock.ts';
import { fail } from '../errors.ts';
import type { Exposed, Faulty, FaultyPort } from '../exposed.ts';
import { type Fault, fault as faultSchema } from '../faults/fault.ts';
import { settingsChange, userChange } from '../neuvector/changes.ts';
import type { ExposedController } from '../neuvector/exposed.ts';
import { describedController, isListener } from './controllers.ts';
import { ownPageOnly } from './ownPageOnly.ts';
import { controlPage } from './page.ts';
import { controllerPresets, type Preset, presets } from './presets.ts';

/** What the control API and its page are about. */
export interface Controlled {
  readonly clusters: ReadonlyMap<string, { readonly exposed: Exposed; readonly kubeconfig: string }>;
  readonly controllers: ReadonlyMap<string, ExposedController>;
  readonly clock: WorldClock;
}

const clockChange = z.union([
  z.strictObject({ speed: z.number().min(0).max(10_000) }),
  z.strictObject({
    stepMillis: z
      .int()
      .min(0)
      .max(100 * 365 * 86_400_000),
  }),
]);

/** JSON under /api, and the same as a page of forms, without script. */
export function controlApp(world: Controlled): Hono {
  const { clusters, controllers, clock } = world;
  const app = new Hono();
  app.use(ownPageOnly);

  const found = (c: Context): Exposed => {
    const name = c.req.param('name')!;
    const cluster = clusters.get(name);
    if (!cluster) throw fail('WORLD_CLUSTER_UNKNOWN', { cluster: name });
    return cluster.exposed;
  };
  const foundController = (c: Context): ExposedController => {
    const { name, listener = '' } = c.req.param() as { name: string; listener?: string };
    const exposed = controllers.get(name);
    if (!exposed || (listener !== '' && !isListener(listener)))
      throw fail('WORLD_CONTROLLER_UNKNOWN', { controller: name, listener });
    return exposed;
  };
  const foundListener = (c: Context): FaultyPort =>
    foundController(c)[c.req.param('listener') as 'rest' | 'federation'];
  const described = (name: string) => {
    const { exposed, kubeconfig } = clusters.get(name)!;
    return { name, address: exposed.address, kubeconfig, faults: exposed.list() };
  };
  const time = () => ({ now: iso(clock.now()), speed: clock.speed });
  const change = (given: z.infer<typeof clockChange>) =>
    'speed' in given ? clock.setSpeed(given.speed) : clock.step(given.stepMillis);

  app.get('/api/clusters', (c) => c.json({ clusters: [...clusters.keys()].map(described) }));
  app.get('/api/clusters/:name', (c) => c.json(described(found(c).cluster.name)));
  app.get('/api/controllers', (c) =>
    c.json({ controllers: [...controllers.values()].map(describedController) }),
  );
  app.get('/api/controllers/:name', (c) => c.json(describedController(foundController(c))));
  app.patch('/api/controllers/:name/settings', async (c) => {
    const exposed = foundController(c);
    const { fixedJoinToken, ...rest } = readSetting(settingsChange, await c.req.text());
    Object.assign(exposed.controller.settings, rest, fixedJoinToken !== undefined && { fixedJoinToken });
    // An upgrade starts it anew.
    if (rest.version) await Promise.all([exposed.rest.refresh(), exposed.federation.refresh()]);
    return c.json(describedController(exposed));
  });
  app.patch('/api/controllers/:name/users/:user', async (c) => {
    const { controller } = foundController(c);
    const username = c.req.param('user');
    const change = readSetting(userChange, await c.req.text());
    const user = controller.accounts.users.find((one) => one.username === username);
    if (user) Object.assign(user, change);
    else
      controller.accounts.users.push(
        Object.assign({ username, password: '', role: 'reader' as const }, change),
      );
    return c.body(null, 204);
  });
  app.post('/api/controllers/:name/rules', (c) => {
    foundController(c).controller.changeRules();
    return c.body(null, 204);
  });
  faultRoutes(app, '/clusters/:name', found, presets);
  faultRoutes(app, '/controllers/:name/:listener', foundListener, controllerPresets);
  app.get('/api/clock', (c) => c.json(time()));
  app.post('/api/clock', async (c) => {
    const given = clockChange.safeParse(jsonIn(await c.req.text()));
    if (!given.success) throw fail('WORLD_CLOCK_INVALID');
    change(given.data);
    return c.json(time());
  });

  app.get('/', (c) =>
    controlPage(c, { ...world, language: languageIn(c), search: c.req.query('search') ?? '' }),
  );
  app.get('/page.css', (c) => c.body(pageStyle, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.post('/clock', async (c) => {
    const { speed, minutes } = await formOf(c);
    const given = clockChange.safeParse(
      speed === undefined ? { stepMillis: Number(minutes) * 60_000 } : { speed: Number(speed) },
    );
    if (!given.success) throw fail('WORLD_CLOCK_INVALID');
    change(given.data);
    return back(c);
  });

  app.onError((error, c) => {
    if (!(error instanceof DroverError)) throw error;
    const language = languageIn(c);
    const { entry, values, code } = error;
    const problem = {
      type: `urn:drover:problem:${code}`,
      title: say(entry.title, language, values),
      status: entry.status,
      detail: say(entry.message, language, values),
      code,
      remedy: say(entry.remedy, language, values),
    };
    return new Response(JSON.stringify(problem), {
      status: entry.status,
      headers: { 'content-type': 'application/problem+json', 'content-language': language },
    });
  });
  return app;
}

/** Faults of one place, as JSON and by the page's forms. */
function faultRoutes(
  app: Hono,
  place: string,
  find: (c: Context) => Faulty,
  offered: readonly Preset[],
): void {
  const switchOff = async (c: Context, id: string) => {
    const at = find(c);
    const { name: cluster = '' } = c.req.param() as { name?: string };
    if (!(await at.switchOff(id))) throw fail('WORLD_FAULT_UNKNOWN', { cluster, id });
  };
  app.post(`/api${place}/faults`, async (c) =>
    c.json(await find(c).switchOn(readFault(await c.req.text())), 201),
  );
  app.delete(`/api${place}/faults`, async (c) => {
    await find(c).clear();
    return c.body(null, 204);
  });
  app.delete(`/api${place}/faults/:id`, async (c) => {
    await switchOff(c, c.req.param('id')!);
    return c.body(null, 204);
  });
  app.post(`${place}/faults`, async (c) => {
    const { own = '', preset } = await formOf(c);
    const chosen = offered[Number(preset)]?.fault;
    await find(c).switchOn(own.trim() === '' && chosen ? chosen : readFault(own));
    return back(c);
  });
  app.post(`${place}/faults/off`, async (c) => {
    const { id } = await formOf(c);
    if (id === undefined) await find(c).clear();
    else await switchOff(c, id);
    return back(c);
  });
}

function readSetting<T>(schema: z.ZodType<T>, text: string): T {
  const given = schema.safeParse(jsonIn(text));
  if (!given.success)
    throw fail('WORLD_SETTING_INVALID', { why: z.prettifyError(given.error).replaceAll(/\s+/g, ' ') });
  return given.data;
}

function readFault(text: string): Fault {
  const given = faultSchema.safeParse(jsonIn(text));
  if (!given.success)
    throw fail('WORLD_FAULT_INVALID', { why: z.prettifyError(given.error).replaceAll(/\s+/g, ' ') });
  return given.data;
}

/** What is no JSON is nothing that a schema takes. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const formOf = async (c: Context): Promise<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(await c.req.text()));

const languageIn = (c: Context) => languageOf(c.req.query('lang') ?? c.req.header('accept-language'));

function back(c: Context): Response {
  const kept = new URLSearchParams();
  for (const name of ['lang', 'search']) {
    const value = c.req.query(name);
    if (value !== undefined) kept.set(name, value);
  }
  return c.redirect(`/${kept.size > 0 ? `?${kept}` : ''}`, 303);
}
