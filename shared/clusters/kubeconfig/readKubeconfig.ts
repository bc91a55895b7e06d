import { DroverError, type Text } from '#errors';
import { clusterError } from '../errors.ts';
import { type Finding, failureOf, found } from '../finding.ts';
import { type Config, configOf, type Entry, nameIn, refuseOthers } from './config.ts';
import { readTree } from './tree.ts';
import { reasons, unreadable } from './unreadable.ts';
import { type ChosenCluster, vetCluster } from './vetCluster.ts';
import { type ChosenCredential, vetUser } from './vetUser.ts';

/** One context, and nothing of the others: what is kept of a kubeconfig. */
export interface Chosen {
  readonly context: string;
  readonly cluster: ChosenCluster;
  readonly credential: ChosenCredential;
  readonly namespace?: string;
}

export interface Kubeconfig {
  /** All that stand there, in their order. */
  readonly contexts: readonly string[];
  readonly chosen: Chosen;
  readonly warnings: readonly Finding[];
}

export type ContextRead =
  | { readonly context: string; readonly chosen: Chosen; readonly warnings: readonly Finding[] }
  | { readonly context: string; readonly error: DroverError };

/** The administrator's leave not to verify servers. */
interface Leave {
  readonly allowInsecure?: boolean;
}

/**
 * Reads one context of a kubeconfig, as text and nothing more: no file is opened, no command run, nobody dialled.
 * Throws a DroverError that names the field and the way out, and every other fault of this context beside it.
 */
export function readKubeconfig(
  text: string,
  options: Leave & { readonly context?: string } = {},
): Kubeconfig {
  const config = configOf(readTree(text));
  const context = contextOf(config, options.context);
  const contexts = config.contexts.map(({ name }) => name);
  return { contexts, ...vetContext(config, context, options) };
}

/** Every context by itself, for an import of many. Throws only where the text as a whole is no kubeconfig. */
export function readContexts(text: string, options: Leave = {}): readonly ContextRead[] {
  const config = configOf(readTree(text));
  if (config.contexts.length === 0) throw contextMissing(config);
  return config.contexts.map((context) => {
    try {
      return { context: context.name, ...vetContext(config, context, options) };
    } catch (error) {
      if (error instanceof DroverError) return { context: context.name, error };
      throw error;
    }
  });
}

/** The current context is not taken for the user: it is whichever was used last. */
function contextOf(config: Config, wanted: string | undefined): Entry {
  const { contexts } = config;
  if (wanted !== undefined) {
    const context = contexts.find(({ name }) => name === wanted);
    if (!context) throw contextMissing(config);
    return context;
  }
  const [first, ...others] = contexts;
  if (!first) throw contextMissing(config);
  if (others.length > 0) {
    throw clusterError('KUBECONFIG_CONTEXT_AMBIGUOUS', {
      count: contexts.length,
      contexts: listed(contexts),
    });
  }
  return first;
}

const contextMissing = ({ contexts }: Config): DroverError =>
  clusterError('KUBECONFIG_CONTEXT_MISSING', { contexts: listed(contexts) });

const mostListed = 20;

function listed(contexts: readonly Entry[]): string | Text {
  if (contexts.length === 0) return { en: 'none', zh: '无' };
  const names = contexts.slice(0, mostListed).map(({ name }) => name);
  return contexts.length > mostListed ? `${names.join(', ')}, …` : names.join(', ');
}

const contextFields = ['cluster', 'user', 'namespace', 'extensions'];

function vetContext(
  config: Config,
  { name, path, fields }: Entry,
  { allowInsecure = false }: Leave,
): Pick<Kubeconfig, 'chosen' | 'warnings'> {
  refuseOthers(fields, contextFields, path);
  const clusterName = nameIn(fields, 'cluster', path);
  const userName = nameIn(fields, 'user', path);
  const cluster = config.clusters.find((entry) => entry.name === clusterName);
  if (!cluster) throw clusterError('KUBECONFIG_CLUSTER_MISSING', { at: `${path}.cluster` });
  const user = config.users.find((entry) => entry.name === userName);
  if (!user) throw clusterError('KUBECONFIG_USER_MISSING', { at: `${path}.user` });
  const namespace = nameIn(fields, 'namespace', path);
  if (!/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$/.test(namespace)) {
    throw unreadable(`${path}.namespace`, reasons.namespace);
  }

  const faults: Finding[] = [];
  const warnings: Finding[] = [];
  const chosenCluster = vetCluster(cluster, allowInsecure, faults);
  const credential = vetUser(user, faults, warnings);
  const [first, ...others] = faults;
  if (first) throw failureOf([first, ...others]);
  if (chosenCluster.insecure) warnings.push(found('SERVER_UNVERIFIED'));
  return {
    chosen: { context: name, cluster: chosenCluster, credential, ...(namespace && { namespace }) },
    warnings,
  };
}
