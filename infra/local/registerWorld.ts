import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail } from './errors.ts';

/** Said of what is no real cluster, also while nobody could reach it and see its version. */
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

/**
 * Registers clusters that are not registered yet. `kept` remembers each that once was: one that a person has deleted
 * does not come back, and one whose world was begun anew gets its new identity in place of the old.
 */
export async function registerWorld(given: {
  kubeconfigs: readonly string[];
  /** The file that remembers. */
  kept: string;
  call: Call;
}): Promise<void> {
  const { call, kept } = given;
  const known = await read(kept);
  for (const file of given.kubeconfigs) {
    const name = basename(file, '.kubeconfig');
    const kubeconfig = await readFile(file, 'utf8');
    const print = createHash('sha256').update(kubeconfig).digest('hex');
    if (known.get(name) === print) continue;
    const credential = { type: 'kubeconfig', kubeconfig };
    if (known.has(name)) await renew(call, name, credential);
    else await register(call, name, credential);
    known.set(name, print);
    await write(kept, known);
  }
}

async function register(call: Call, name: string, credential: object): Promise<void> {
  const body = { name, labels: { [simulated]: 'true' }, credential, checkEverySeconds: 60, sync: {} };
  // Unchecked, because some of them are broken on purpose, and shall be seen to be.
  const created = await call('POST', '/api/v1/clusters?unchecked=true', { body });
  // A name that a person has taken is theirs.
  if (created.status !== 201 && created.status !== 409) throw notRegistered(name, created);
}

async function renew(call: Call, name: string, credential: object): Promise<void> {
  const path = `/api/v1/clusters/${name}`;
  const { status, etag, body } = await call('GET', path);
  if (status === 404 || body.labels?.[simulated] !== 'true') return;
  const renewed = await call('PATCH', `${path}?unchecked=true`, {
    body: { credential },
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
