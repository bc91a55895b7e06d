/** Which objects are meant: all of a kind, those of a namespace, or one. */
export interface Resource {
  /** '' is the core group. */
  group?: string;
  version: string;
  /** `pods`, `deployments`. */
  resource: string;
  namespace?: string;
  name?: string;
  /** `status`, `token`. */
  subresource?: string;
}

/** No name can lead out of its place in the path. */
export function pathOf({ group = '', version, resource, namespace, name, subresource }: Resource): string {
  const segments = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return segments.map((segment) => `/${escaped(segment)}`).join('');
}

function escaped(segment: string): string {
  // Escaping leaves dots as they are, and Kubernetes has no object of these names either.
  if (/^\.{0,2}$/.test(segment)) throw new Error(`Not a segment of a path: "${segment}"`);
  return encodeURIComponent(segment);
}
