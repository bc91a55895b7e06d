import type { ApiRequest } from '../api.ts';
import type { Attributes } from '../auth/index.ts';

/** What a method and a path mean, before anyone looks whether it exists. */
export interface Target {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; else the method in lower case. */
  verb: string;
  path: string;
  /** Absent where the path names no resource. */
  resource?: ResourceTarget;
}

export interface ResourceTarget {
  group: string;
  version: string;
  /** The plural. */
  name: string;
  namespace?: string;
  objectName?: string;
  /** Of the one object that a list is narrowed to: who may read that one may list it so. */
  selectedName?: string;
  subresource?: string;
  /** Of `proxy`: what follows it. */
  rest: string[];
}

const verbOf: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function targetOf({ method, path, query }: ApiRequest): Target {
  const none: Target = { verb: method.toLowerCase(), path: decoded(path) };
  // Decoded as a whole: an encoded stroke in a name parts it.
  const parts = decoded(path)
    .replaceAll(/^\/|\/$/g, '')
    .split('/');
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return none;
  const group = isCore ? '' : parts[1];
  const version = parts[isCore ? 1 : 2];
  let rest = parts.slice(isCore ? 2 : 3);
  if (group === undefined || version === undefined || rest.length === 0) return none;

  let verb = verbOf[method] ?? '';
  if (rest[0] === 'watch') {
    verb = 'watch';
    rest = rest.slice(1);
    if (rest.length === 0) return none;
  }
  const resource: ResourceTarget = { group, version, name: '', rest: [] };
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    resource.namespace = rest[1];
    // `namespaces/x/status` is the namespace's own; anything else after its name is a resource in it.
    if (rest[2] !== undefined && rest[2] !== 'status' && rest[2] !== 'finalize') rest = rest.slice(2);
  }
  resource.name = rest[0]!;
  if (rest[1] !== undefined) resource.objectName = rest[1];
  if (rest[2] !== undefined) resource.subresource = rest[2];
  resource.rest = rest.slice(3);

  if (resource.objectName === undefined || (verb === 'watch' && resource.subresource === undefined)) {
    if (verb === 'get') verb = isTrue(query.get('watch')) ? 'watch' : 'list';
    else if (verb === 'delete') verb = 'deletecollection';
    const named = /^metadata\.name==?([^,=!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    if (named && verb !== 'create') resource.selectedName = named;
  }
  return { verb, path, resource };
}

export const isTrue = (value: string | null): boolean => value !== null && !/^(0|f|false)$/i.test(value);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What must be allowed for it. */
export function attributesOf({ verb, path, resource }: Target): Attributes {
  if (!resource) return { verb: verb === 'head' ? 'get' : verb, path };
  const { group, name, subresource, namespace, objectName, selectedName } = resource;
  return { verb, group, resource: name, subresource, namespace, name: objectName ?? selectedName };
}
