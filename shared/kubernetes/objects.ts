import type { KubeConnection } from './access.ts';
import { asked, type CallOptions } from './asked.ts';
import { record, recordsIn, textIn } from './shapes.ts';

/** An object as the cluster gave it: only its outermost shape is known. */
export type KubeObject = Record<string, unknown>;

export async function getObject(
  connection: KubeConnection,
  path: string,
  options: CallOptions = {},
): Promise<KubeObject> {
  const answer = await asked(connection, { ...options, path });
  return record(answer);
}

export interface Selection {
  labelSelector?: string;
  fieldSelector?: string;
}

export interface PageRequest extends Selection, CallOptions {
  limit?: number;
  /** Of the page before. */
  continue?: string;
  /** Name, namespace, labels, annotations and owners instead of the whole object. */
  metadataOnly?: boolean;
}

export interface ObjectsPage {
  readonly items: KubeObject[];
  /** Where there are more. */
  readonly continue?: string;
  readonly remaining?: number;
  readonly resourceVersion?: string;
}

/** One page of a list. LIST_EXPIRED says that the pages before it are too old to be continued. */
export async function objectsPage(
  connection: KubeConnection,
  path: string,
  page: PageRequest = {},
): Promise<ObjectsPage> {
  const { limit, labelSelector, fieldSelector, metadataOnly, continue: from, ...options } = page;
  const answer = await asked(connection, {
    ...options,
    path,
    query: { limit, labelSelector, fieldSelector, continue: from },
    accept: metadataOnly
      ? 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
      : 'application/json',
  });
  const body = record(answer);
  return { items: recordsIn(body, 'items', answer), ...listMetaOf(body) };
}

/** What a list says of itself. */
export function listMetaOf(body: KubeObject): Omit<ObjectsPage, 'items'> {
  const metadata = (body.metadata ?? {}) as KubeObject;
  const token = textIn(metadata, 'continue');
  const { remainingItemCount: remaining } = metadata;
  const resourceVersion = textIn(metadata, 'resourceVersion');
  return {
    ...(token && { continue: token }),
    ...(Number.isSafeInteger(remaining) && (remaining as number) >= 0 && { remaining: remaining as number }),
    ...(resourceVersion && { resourceVersion }),
  };
}

export async function createObject(
  connection: KubeConnection,
  path: string,
  object: KubeObject,
  options: CallOptions & { dryRun?: boolean } = {},
): Promise<KubeObject> {
  const { dryRun, ...rest } = options;
  const query = { fieldManager, ...(dryRun && { dryRun: 'All' }) };
  return record(await asked(connection, { ...rest, method: 'POST', path, query, body: object }));
}

const fieldManager = 'drover';

/**
 * Server-side apply: the fields of `object` become Drover's, those it applied before and no longer names go. A field
 * that another manager owns is OBJECT_CONFLICT, unless `force` takes it over.
 */
export async function applyObject(
  connection: KubeConnection,
  path: string,
  object: KubeObject,
  options: CallOptions & { force?: boolean; dryRun?: boolean } = {},
): Promise<KubeObject> {
  const { force, dryRun, ...rest } = options;
  return record(
    await asked(connection, {
      ...rest,
      method: 'PATCH',
      path,
      query: { fieldManager, ...(force && { force }), ...(dryRun && { dryRun: 'All' }) },
      // Of which JSON is a part.
      contentType: 'application/apply-patch+yaml',
      body: object,
    }),
  );
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

export async function patchObject(
  connection: KubeConnection,
  path: string,
  patch: KubeObject | readonly unknown[],
  options: CallOptions & { type?: keyof typeof patchTypes } = {},
): Promise<KubeObject> {
  const { type = 'merge', ...rest } = options;
  return record(
    await asked(connection, {
      ...rest,
      method: 'PATCH',
      path,
      query: { fieldManager },
      contentType: patchTypes[type],
      body: patch,
    }),
  );
}

export interface DeleteOptions extends CallOptions {
  /** Refused with OBJECT_CONFLICT where another object has taken the name. */
  uid?: string;
  propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** What the cluster answers: the object on its way out, or a Status. */
export async function deleteObject(
  connection: KubeConnection,
  path: string,
  { uid, propagation = 'Background', ...options }: DeleteOptions = {},
): Promise<KubeObject> {
  const body = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    propagationPolicy: propagation,
    ...(uid !== undefined && { preconditions: { uid } }),
  };
  return record(await asked(connection, { ...options, method: 'DELETE', path, body }));
}
