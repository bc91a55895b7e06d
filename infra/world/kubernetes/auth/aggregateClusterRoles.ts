import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../objects.ts';
import type { AuthCluster } from './authCluster.ts';
import { clusterRoles } from './ruleResolver.ts';
import type { PolicyRule } from './rules.ts';

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** The roles that gather others' rules and do not have them as they now are, with those rules. */
export function aggregateClusterRoles(cluster: Pick<AuthCluster, 'objects'>): StoredObject[] {
  const all = cluster.objects.list(clusterRoles);
  return all.flatMap((role) => {
    const rule = role.aggregationRule as { clusterRoleSelectors?: Selector[] } | undefined;
    if (!rule) return [];
    const rules = gathered(role, rule.clusterRoleSelectors ?? [], all);
    return isDeepStrictEqual(rules, role.rules ?? []) ? [] : [{ ...role, rules }];
  });
}

function gathered(
  role: StoredObject,
  selectors: readonly Selector[],
  all: readonly StoredObject[],
): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const selector of selectors) {
    for (const other of all) {
      if (other.metadata.name === role.metadata.name || !selects(selector, other)) continue;
      for (const rule of (other.rules ?? []) as PolicyRule[]) {
        const key = JSON.stringify(rule);
        if (!rules.has(key)) rules.set(key, rule);
      }
    }
  }
  return [...rules.values()];
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, { metadata }: StoredObject): boolean {
  const labels = metadata.labels ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === 'In' ? isIn : !isIn;
    })
  );
}
