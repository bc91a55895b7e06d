import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ControllerEntry } from '../world/neuvector/world.ts';
import { fail } from './errors.ts';

/** Said of what is not real, also while nobody could reach it and see its version. */
const simulated = 'drover.dev/simulated';

/** Drover's own API: the simulated clusters go the way of every other. */
export type Call = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  given?: { body?: object; ifMatch?: string },
) => Promise<{ status: number; etag: string | null; body: Answer }>;

interface Answer {
  /** Of a problem. */
  code?: string;
  labels?: Record<string, string>;
}

/** A record of the simulated world, as it is made, and made anew. */
interface Wish {
  /** Under which it is remembered. */
  key: string;
  name: string;
  /** Of what a world that was begun anew changes. */
  print: string;
  collection: '/api/v1/clusters' | '/api/v1/joins';
  query: string;
  body: object;
  /** The way there, and who we are. */
  again: object;
}

/**
 * Registers what is not registered yet: all clusters, and two of the controllers, one for its metrics alone and one
 * that joins; the others are there to be tried. `kept` remembers each that once was: one that a person has deleted
 * does not come back, and one whose world was begun anew gets its new identity in place of the old.
 */
export async function registerWorld(given: {
  kubeconfigs: readonly string[];
  /** The file that lists the controllers. */
  controllers: string;
  /** The file that remembers. */
  kept: string;
  call: Call;
}): Promise<void> {
  const { call, kept } = given;
  const known = await read(kept);
  const wishes = [
    ...(await Promise.all(given.kubeconfigs.map(wishOfCluster))),
    ...wishesOfControllers(JSON.parse(await readFile(given.controllers, 'utf8')) as ControllerEntry[]),
  ];
  for (const wish of wishes) {
    const before = known.get(wish.key);
    if (before === wish.print) continue;
    await (before === undefined ? register(call, wish) : renew(call, wish));
    known.set(wish.key, wish.print);
    await write(kept, known);
  }
}

const labels = { [simulated]: 'true' };

async function wishOfCluster(file: string): Promise<Wish> {
  const name = basename(file, '.kubeconfig');
  const kubeconfig = await readFile(file, 'utf8');
  const credential = { type: 'kubeconfig', kubeconfig };
  return {
    key: name,
    name,
    print: printOf(kubeconfig),
    collection: '/api/v1/clusters',
    // Some of them are broken on purpose, and shall be seen to be.
    query: '?unchecked=true',
    body: { name, labels, credential, checkEverySeconds: 60, sync: {} },
    again: { credential },
  };
}

function wishesOfControllers(entries: readonly ControllerEntry[]): Wish[] {
  const primary = entries.find(({ role }) => role === 'primary');
  const store = entries.find(({ name }) => name === 'store-1');
  if (!primary || !store) return [];
  const { federation } = primary;
  const ofPrimary = { rest: primary.rest, ca: primary.ca, credential: keyOf(primary) };
  const itsPrimary = { primary: { ...ofPrimary, ...(federation !== null && { federation }) } };
  return [
    wishOfController(primary, {}, { join: false }),
    wishOfController(store, itsPrimary, { storeId: store.name }),
  ];
}

function wishOfController(entry: ControllerEntry, way: object, wanted: object): Wish {
  const { name, rest, ca } = entry;
  const again = { controller: { address: rest, ca, credential: keyOf(entry) }, ...way };
  return {
    key: `joins/${name}`,
    name,
    print: printOf(JSON.stringify(again)),
    collection: '/api/v1/joins',
    query: '',
    body: { name, labels, ...wanted, ...again },
    again,
  };
}

const printOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function keyOf({ apiKey }: ControllerEntry) {
  const [name = '', ...secret] = apiKey.split(':');
  return { type: 'apiKey', name, secret: secret.join(':') };
}

async function register(call: Call, { name, collection, query, body }: Wish): Promise<void> {
  const created = await call('POST', `${collection}${query}`, { body });
  // A name that a person has taken is theirs.
  if (created.status !== 201 && created.status !== 409) throw notRegistered(name, created);
}

async function renew(call: Call, { name, collection, query, again }: Wish): Promise<void> {
  const path = `${collection}/${name}`;
  const { status, etag, body } = await call('GET', path);
  if (status === 404 || body.labels?.[simulated] !== 'true') return;
  const renewed = await call('PATCH', `${path}${query}`, {
    body: again,
    ...(etag !== null && { ifMatch: etag }),
  });
  if (renewed.status !== 200) throw notRegistered(name, renewed);
}

const notRegistered = (name: string, { status, body }: Awaited<ReturnType<Call>>) =>
  fail('WORLD_NOT_REGISTERED', { name, reason: body.code ?? `HTTP ${status}` });

async function read(file: string): Promise<Map<string, string>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Replaced whole: half of it would be no file of ours. */
async function write(file: string, known: ReadonlyMap<string, string>): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(known)), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** As the administrator of the local run. */
export const callAs =
  (address: string, token: string, signal: AbortSignal): Call =>
  async (method, path, { body, ifMatch } = {}) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      etag: answer.headers.get('etag'),
      body: (await answer.json()) as Answer,
    };
  };
