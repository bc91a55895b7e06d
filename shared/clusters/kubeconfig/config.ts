import { clusterError } from '../errors.ts';
import { join, type Mapping, type Tree } from './tree.ts';
import { reasons, unreadable } from './unreadable.ts';

/** A named cluster, user or context, and where its fields stand. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly fields: Mapping;
}

export interface Config {
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
}

const topFields = [
  'apiVersion',
  'kind',
  'preferences',
  'clusters',
  'users',
  'contexts',
  'current-context',
  'extensions',
];

/** The frame of a kubeconfig. What the entries hold is judged once one of them is chosen. */
export function configOf(tree: Tree): Config {
  const top = mapping(tree, reasons.whole);
  const isConfig = (top.get('kind') ?? 'Config') === 'Config' && (top.get('apiVersion') ?? 'v1') === 'v1';
  // A login page may well be YAML.
  if (!isConfig || !topFields.some((field) => top.has(field))) {
    throw unreadable(reasons.whole, reasons.wrongKind);
  }
  refuseOthers(top, topFields, '');
  return {
    contexts: entries(top, 'contexts', 'context'),
    clusters: entries(top, 'clusters', 'cluster'),
    users: entries(top, 'users', 'user'),
  };
}

function entries(top: Mapping, list: string, one: string): Entry[] {
  const found = top.get(list) ?? [];
  if (!Array.isArray(found)) throw unreadable(list, reasons.list);
  const names = new Set<string>();
  return found.map((item: Tree, i) => {
    const path = `${list}[${i}]`;
    const entry = mapping(item, path);
    refuseOthers(entry, ['name', one], path);
    const name = nameIn(entry, 'name', path);
    if (names.has(name)) throw clusterError('KUBECONFIG_DUPLICATE', { at: `${path}.name` });
    names.add(name);
    return { name, path: `${path}.${one}`, fields: mapping(entry.get(one) ?? new Map(), `${path}.${one}`) };
  });
}

/** The text of a field that names something; '' where it is left out. */
export function nameIn(fields: Mapping, field: string, path: string): string {
  const name = fields.get(field) ?? '';
  if (typeof name !== 'string') throw unreadable(`${path}.${field}`, reasons.text);
  if (name.length > 512 || /[\p{Cc}\u2028\u2029]/u.test(name))
    throw unreadable(`${path}.${field}`, reasons.name);
  return name;
}

export function refuseOthers(fields: Mapping, known: readonly string[], path: string): void {
  for (const key of fields.keys()) {
    if (!known.includes(key)) throw clusterError('KUBECONFIG_UNKNOWN_FIELD', { at: join(path, key) });
  }
}

function mapping(tree: Tree, at: Parameters<typeof unreadable>[0]): Mapping {
  if (tree instanceof Map) return tree as Mapping;
  throw unreadable(at, reasons.mapping);
}
