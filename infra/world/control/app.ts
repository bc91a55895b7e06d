import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { DroverError, say } from '#errors';
import { iso } from '#time';
import { languageOf } from '../../../functions/http/language.ts';
import { pageStyle } from '../../../functions/http/page.ts';
import type { WorldClock } from '../clock.ts';
import { fail } from '../errors.ts';
import type { Exposed } from '../exposed.ts';
import { type Fault, fault as faultSchema } from '../faults/fault.ts';
import { ownPageOnly } from './ownPageOnly.ts';
import { controlPage } from './page.ts';
import { presets } from './presets.ts';

/** What the control API and its page are about. */
export interface Controlled {
  readonly clusters: ReadonlyMap<string, { readonly exposed: Exposed; readonly kubeconfig: string }>;
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
  const { clusters, clock } = world;
  const app = new Hono();
  app.use(ownPageOnly);

  const found = (c: Context): Exposed => {
    const name = c.req.param('name')!;
    const cluster = clusters.get(name);
    if (!cluster) throw fail('WORLD_CLUSTER_UNKNOWN', { cluster: name });
    return cluster.exposed;
  };
  const switchOff = async (exposed: Exposed, id: string) => {
    if (!(await exposed.switchOff(id)))
      throw fail('WORLD_FAULT_UNKNOWN', { cluster: exposed.cluster.name, id });
  };
  const described = (name: string) => {
    const { exposed, kubeconfig } = clusters.get(name)!;
    return { name, address: exposed.address, kubeconfig, faults: exposed.list() };
  };
  const time = () => ({ now: iso(clock.now()), speed: clock.speed });
  const change = (given: z.infer<typeof clockChange>) =>
    'speed' in given ? clock.setSpeed(given.speed) : clock.step(given.stepMillis);

  app.get('/api/clusters', (c) => c.json({ clusters: [...clusters.keys()].map(described) }));
  app.get('/api/clusters/:name', (c) => c.json(described(found(c).cluster.name)));
  app.post('/api/clusters/:name/faults', async (c) =>
    c.json(await found(c).switchOn(readFault(await c.req.text())), 201),
  );
  app.delete('/api/clusters/:name/faults', async (c) => {
    await found(c).clear();
    return c.body(null, 204);
  });
  app.delete('/api/clusters/:name/faults/:id', async (c) => {
    await switchOff(found(c), c.req.param('id'));
    return c.body(null, 204);
  });
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
  app.post('/clusters/:name/faults', async (c) => {
    const { own = '', preset } = await formOf(c);
    const chosen = presets[Number(preset)]?.fault;
    await found(c).switchOn(own.trim() === '' && chosen ? chosen : readFault(own));
    return back(c);
  });
  app.post('/clusters/:name/faults/off', async (c) => {
    const { id } = await formOf(c);
    if (id === undefined) await found(c).clear();
    else await switchOff(found(c), id);
    return back(c);
  });
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
