import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { KubeObject } from '../objects.ts';
import type { Column } from './kinds.ts';

/** What `take.ts` found on a real server, as it answered it. */
export interface KindsData {
  /** `/version`. */
  version: Readonly<Record<string, string>>;
  /** Named groups in the order of `/apis`, their versions in order of preference. */
  groups: readonly { readonly name: string; readonly versions: readonly string[] }[];
  /** By group version (`v1`, `apps/v1`): the `resources` of its APIResourceList. */
  resources: Readonly<Record<string, readonly ApiResource[]>>;
  /** By resource (`v1/pods`, `apps/v1/deployments`): of its Table. */
  columns: Readonly<Record<string, readonly Column[]>>;
  /** By resource: the fields it can be selected by. */
  selectable: Readonly<Record<string, readonly string[]>>;
  /** By resource: the warning that its use is answered with. */
  deprecations: Readonly<Record<string, string>>;
  /** By path below `/openapi/v3/` (`api/v1`): the document's text. */
  openapi: Readonly<Record<string, string>>;
  /** `/openapi/v2`. */
  openapiV2: string;
  /** The text of a custom resource that has all subresources, by its definition's scope: see `template.ts`. */
  customOpenapi: { readonly Namespaced: string; readonly Cluster: string };
  /** Of a custom resource whose definition names none. */
  customColumns: readonly [name: Column, age: Column];
  protobuf: Protobuf;
  /** By endpoint (`livez`): the names of its checks. */
  health: Readonly<Record<string, readonly string[]>>;
  /** What a fresh cluster holds, without what the server gives at creation: uid, times, resourceVersion. */
  objects: readonly KubeObject[];
}

/** How kinds look as protobuf: kubectl sends so what it makes itself. */
export interface Protobuf {
  /** The message of each kind (`apps/v1/Deployment`), named as in OpenAPI. */
  readonly kinds: Readonly<Record<string, string>>;
  /** The fields of each message by number. */
  readonly messages: Readonly<Record<string, Readonly<Record<string, MessageField>>>>;
}

export interface MessageField {
  /** In JSON. */
  readonly name: string;
  /** Of each element, where there are several: another message or a scalar of protobuf. */
  readonly type: string;
  /** Absent is a value that is always there: when it is zero, it says nothing. An inline one's fields are its parent's. */
  readonly is?: 'list' | 'map' | 'pointer' | 'inline';
  /** In JSON its message is this field. */
  readonly isWhole?: true;
}

/** An APIResource of discovery. */
export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly string[];
  shortNames?: readonly string[];
  categories?: readonly string[];
  storageVersionHash?: string;
}

export const dataFile = new URL('kinds.json.br', import.meta.url);

let data: KindsData | undefined;

/** Read at its first use: most processes that import the simulation never start one. */
export function kindsData(): KindsData {
  data ??= JSON.parse(brotliDecompressSync(readFileSync(dataFile)).toString()) as KindsData;
  return data;
}
