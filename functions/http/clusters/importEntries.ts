import { readContexts } from '#clusters/yaml';
import type { DroverError, Language } from '#errors';
import { httpError } from '../errors.ts';
import { fieldErrors } from '../issues.ts';
import { mostAtOnce } from '../manyRoute.ts';
import { type ClusterCreate, type ClusterImport, createSchema } from './bodies.ts';
import { clusterHttpError } from './errors.ts';

/** One cluster of an import: ready to be created, or what is wrong with it. */
export type Entry = {
  /** In a kubeconfig. */
  context: string | null;
  name: string | null;
} & ({ create: ClusterCreate } | { error: DroverError });

/** What an import is about, entry by entry: one that is wrong does not harm the others. */
export function importEntries(body: ClusterImport, allowInsecure: boolean, language: Language): Entry[] {
  const { kubeconfig = '', contexts, clusters, ...common } = body;
  if (clusters) return clusters.map((cluster) => entryOf(null, withDefaults(cluster, common), language));
  return contextEntries({ kubeconfig, contexts, common }, allowInsecure, language);
}

type Common = Omit<ClusterImport, 'kubeconfig' | 'contexts' | 'clusters'>;

const withDefaults = (cluster: unknown, common: Common): unknown =>
  typeof cluster === 'object' && cluster !== null && !Array.isArray(cluster)
    ? { ...common, ...cluster }
    : cluster;

function contextEntries(
  {
    kubeconfig,
    contexts,
    common,
  }: { kubeconfig: string; contexts: ClusterImport['contexts']; common: Common },
  allowInsecure: boolean,
  language: Language,
): Entry[] {
  const read = readContexts(kubeconfig, { allowInsecure });
  const wanted = contexts && new Map(contexts.map((one) => [one.context, one]));
  const chosen = wanted ? read.filter(({ context }) => wanted.has(context)) : read;
  if (chosen.length === 0) throw clusterHttpError('IMPORT_EMPTY');
  if (chosen.length > mostAtOnce) throw httpError('TOO_MANY_SELECTED', { limit: mostAtOnce });
  const names = namesFor(chosen.map(({ context }) => wanted?.get(context)?.name ?? context));
  return chosen.map((one, index) => {
    const { context } = one;
    const name = names[index]!;
    if ('error' in one) return { context, name, error: one.error };
    const credential = { type: 'kubeconfig', kubeconfig: minimal(one.chosen), context };
    const labels = wanted?.get(context)?.labels ?? common.labels;
    return entryOf(context, { ...common, name, labels, credential }, language);
  });
}

function entryOf(context: string | null, cluster: unknown, language: Language): Entry {
  const name =
    typeof cluster === 'object' && cluster !== null && 'name' in cluster && typeof cluster.name === 'string'
      ? cluster.name.slice(0, 63)
      : null;
  const result = createSchema.safeParse(cluster, { reportInput: false });
  if (result.success) return { context, name, create: result.data };
  const fields = fieldErrors(result.error.issues, 'body', language);
  const error = httpError('REQUEST_INVALID', { first: fields[0]?.message ?? 'body' }, { fields });
  return { context, name, error };
}

/** As a DNS label: what a context is called, in the letters there are, each once. */
export function namesFor(contexts: readonly string[]): string[] {
  const taken = new Set<string>();
  return contexts.map((context) => {
    const base = labelOf(context, 63);
    let name = base;
    for (let count = 2; taken.has(name); count++)
      name = `${labelOf(context, 62 - String(count).length)}-${count}`;
    taken.add(name);
    return name;
  });
}

function labelOf(text: string, longest: number): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longest)
    .replace(/-+$/, '');
  return label === '' ? 'cluster' : label;
}

type Chosen = Extract<ReturnType<typeof readContexts>[number], { chosen: unknown }>['chosen'];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The one context, as a kubeconfig of its own: nothing of the others travels on with it. JSON is YAML. */
function minimal({ context, cluster, credential }: Chosen): string {
  const user =
    credential.type === 'token'
      ? { token: credential.token }
      : {
          'client-certificate-data': base64(credential.certificate),
          'client-key-data': base64(credential.key),
        };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'cluster',
        cluster: {
          server: cluster.server,
          ...(cluster.ca && { 'certificate-authority-data': base64(cluster.ca) }),
          ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
          ...(cluster.insecure && { 'insecure-skip-tls-verify': true }),
        },
      },
    ],
    users: [{ name: 'user', user }],
    contexts: [{ name: context, context: { cluster: 'cluster', user: 'user' } }],
  });
}
