import type { ApiResource } from '../kinds/data.ts';
import type { Group, Resource } from '../kinds/kinds.ts';
import { groupVersion } from '../kinds/resources.ts';

// Discovery as it was before there was the aggregated form: one document for each group version.

export const versions = (address: string) => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

export const groupList = (groups: readonly Group[]) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.map(group),
});

export function group({ name, versions }: Group) {
  const named = versions.map((version) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: named, preferredVersion: named[0] };
}

export function resourceList(resources: readonly Resource[]) {
  const { group, version } = resources[0]!;
  return {
    kind: 'APIResourceList',
    // The core group's is older than this field.
    ...(group ? { apiVersion: 'v1' } : {}),
    groupVersion: groupVersion(group, version),
    resources: resources.flatMap((resource) => [...entries(resource)]),
  };
}

function* entries(resource: Resource): Iterable<ApiResource> {
  const { name, singular, isNamespaced, kind, verbs, shortNames, categories, storageVersionHash } = resource;
  yield {
    name,
    singularName: singular,
    namespaced: isNamespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(storageVersionHash ? { storageVersionHash } : {}),
  };
  for (const sub of resource.subresources)
    yield {
      name: `${name}/${sub.name}`,
      singularName: '',
      namespaced: isNamespaced,
      ...(sub.group === resource.group && sub.version === resource.version
        ? {}
        : { group: sub.group, version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    };
}
