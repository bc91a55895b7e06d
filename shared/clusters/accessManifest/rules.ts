import type { Permission } from './permissions.ts';

/** A rule as it stands in a Role or ClusterRole. */
export type Rule =
  | { readonly nonResourceURLs: string[]; readonly verbs: string[] }
  | {
      readonly apiGroups: string[];
      readonly resources: string[];
      readonly resourceNames?: string[];
      readonly verbs: string[];
    };

/** As few rules as say exactly this: first the resources that share their verbs, then the verbs of the same resources. */
export function rulesOf(permissions: readonly Permission[]): Rule[] {
  const verbs = merged(
    permissions,
    ({ group, resource, name }) => JSON.stringify([group, name, resource]),
    (all) => ({ ...all[0]!, verbs: unique(all.map(({ verb }) => verb)) }),
  );
  return merged(
    verbs,
    ({ group, name, verbs: of }) => JSON.stringify([group, name, of]),
    (all) => ruleOf(all[0]!, unique(all.map(({ resource }) => resource)), all[0]!.verbs),
  );
}

const ruleOf = ({ group, name }: Permission, resources: string[], verbs: string[]): Rule =>
  group === null
    ? { nonResourceURLs: resources, verbs }
    : { apiGroups: [group], resources, ...(name && { resourceNames: [name] }), verbs };

const merged = <T, R>(all: readonly T[], keyOf: (one: T) => string, merge: (same: T[]) => R): R[] =>
  [...Map.groupBy(all, keyOf).values()].map(merge);

const unique = (texts: string[]): string[] => [...new Set(texts)];
