import type { Attributes } from './rules.ts';

/** What a request is aimed at, as its path says. */
export interface Aim {
  verb: string;
  path: string;
  resource?: {
    group: string;
    name: string;
    namespace?: string;
    objectName?: string;
    subresource?: string;
  };
}

export function attributesOf({ verb, path, resource }: Aim): Attributes {
  if (!resource) return { verb, path };
  const { group, name, namespace, objectName, subresource } = resource;
  return { verb, group, resource: name, subresource, namespace, name: objectName };
}
