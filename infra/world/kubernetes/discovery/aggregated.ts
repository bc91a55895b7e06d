import { createHash } from 'node:crypto';
import type { ApiAnswer, ApiRequest } from '../api.ts';
import type { Group, Kinds, Resource } from '../kinds/kinds.ts';

const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** All groups in one document. Its fields stand in the order of the real server's: the ETag is a hash of its text. */
export function aggregated(
  request: ApiRequest,
  { groups, kinds }: { groups: readonly Group[]; kinds: Kinds },
): ApiAnswer {
  const items = groups.map(({ name, versions }) => ({
    metadata: name ? { name } : {},
    versions: versions.map((version) => ({
      version,
      resources: kinds.in(name, version).map(described),
      freshness: 'Current',
    })),
  }));
  const list = { metadata: {}, items };
  const hash = createHash('sha512').update(JSON.stringify(list)).digest('hex').toUpperCase();
  const headers = { etag: `"${hash}"`, vary: 'Accept', 'cache-control': 'public' };
  if (request.headers['if-none-match'] === headers.etag) return { status: 304, headers, body: '' };
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', ...list };
  return {
    status: 200,
    headers: { ...headers, 'content-type': contentType },
    body: `${JSON.stringify(body)}\n`,
  };
}

function described(resource: Resource) {
  const { name, isNamespaced, singular, verbs, shortNames, categories, subresources } = resource;
  return {
    resource: name,
    responseKind: responseKind(resource, resource),
    scope: isNamespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0
      ? {
          subresources: subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: responseKind(sub, resource),
            verbs: sub.verbs,
          })),
        }
      : {}),
  };
}

/** Built-in resources leave out what is the group version they stand in. */
function responseKind({ group, version, kind }: GroupVersionKind, within: Resource): GroupVersionKind {
  const isOwn = group === within.group && version === within.version;
  return isOwn && !within.isCustom ? { group: '', version: '', kind } : { group, version, kind };
}

type GroupVersionKind = Pick<Resource, 'group' | 'version' | 'kind'>;
