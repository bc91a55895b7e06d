/** A rule of a role, as it is stored. */
export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** What someone is about to do: to a resource, or to a path that is none. */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  /** Of the object. */
  name?: string | undefined;
}

export interface PathAttributes {
  verb: string;
  path: string;
}

const matches = (listed: readonly string[] | undefined, asked: string): boolean =>
  listed?.some((entry) => entry === '*' || entry === asked) ?? false;

export function allows(rule: PolicyRule, asked: Attributes): boolean {
  if (!matches(rule.verbs, asked.verb)) return false;
  if ('path' in asked) return rule.nonResourceURLs?.some((url) => urlCovers(url, asked.path)) ?? false;
  const { resource, subresource, name = '' } = asked;
  const isResource = subresource
    ? matches(rule.resources, `${resource}/${subresource}`) || rule.resources?.includes(`*/${subresource}`)
    : matches(rule.resources, resource);
  return (
    isResource === true &&
    matches(rule.apiGroups, asked.group) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

/** `*` at the end stands for anything, also of a URL that has one itself. */
const urlCovers = (url: string, other: string): boolean =>
  url === other || (url.endsWith('*') && other.startsWith(url.replace(/\*+$/, '')));

/** What `wanted` grants and `held` does not, in rules of one verb each. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(atoms).filter((atom) => !held.some((rule) => covers(rule, atom)));
}

/** The same grant, a rule for each group, resource, name and verb. */
function atoms(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((named) => ({ apiGroups: [group], resources: [resource], ...named, verbs: [verb] })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

function covers(rule: PolicyRule, atom: PolicyRule): boolean {
  if (!matches(rule.verbs, atom.verbs[0]!)) return false;
  const [url] = atom.nonResourceURLs ?? [];
  if (url !== undefined) {
    return !rule.resourceNames?.length && (rule.nonResourceURLs?.some((own) => urlCovers(own, url)) ?? false);
  }
  const [resource, name] = [atom.resources![0]!, atom.resourceNames?.[0]];
  const anyOf = resource.includes('/') ? `*/${resource.slice(resource.indexOf('/') + 1)}` : resource;
  return (
    matches(rule.apiGroups, atom.apiGroups![0]!) &&
    (matches(rule.resources, resource) || rule.resources!.includes(anyOf)) &&
    (!rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name)))
  );
}
