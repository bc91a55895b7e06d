import { DroverError } from '#errors';
import { getObject, type KubeConnection, type KubeObject, patchObject, pathOf, problemOf } from '#kubernetes';
import { namespaceError } from './errors.ts';
import { drover, isOurs, type Owned, ownersOf } from './owners.ts';
import { metadataOf } from './view.ts';
import type { NamespaceWish } from './wish.ts';

export interface Place {
  /** Its name, for sentences. */
  cluster: string;
  name: string;
}

const pathFor = (name: string): string => pathOf({ version: 'v1', resource: 'namespaces', name });

/** Undefined where there is none. */
export async function findNamespace(
  connection: KubeConnection,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await getObject(connection, pathFor(name));
  } catch (error) {
    if (error instanceof DroverError && error.code === 'OBJECT_NOT_FOUND') return undefined;
    throw error;
  }
}

export async function createNamespace(
  connection: KubeConnection,
  place: Place,
  wish: NamespaceWish,
): Promise<KubeObject> {
  const found = await findNamespace(connection, place.name);
  if (found) {
    refuseTerminating(found, place);
    throw namespaceError('NAMESPACE_EXISTS', { ...place });
  }
  const answer = await apply(connection, place, {
    labels: given(wish.labels),
    annotations: given(wish.annotations),
  });
  return answer === 'changedMeanwhile' ? busy(place) : answer;
}

/** Others write to namespaces, too: what they changed between our look and our write is looked at again. */
const mostTries = 4;

/**
 * What we applied before and what is wanted now, applied together: what Drover owned and is no longer wanted goes, what
 * others own stays. `force` takes over what somebody else owns.
 */
export async function patchNamespace(
  connection: KubeConnection,
  place: Place,
  wish: NamespaceWish,
  force: boolean,
): Promise<KubeObject> {
  for (let tries = 0; tries < mostTries; tries++) {
    const found = await findNamespace(connection, place.name);
    if (!found) throw namespaceError('NAMESPACE_NOT_FOUND', { ...place });
    refuseTerminating(found, place);
    const theirs = removedOfOthers(found, wish);
    if (theirs.length > 0) {
      if (!force) throw ownedBy(place, theirs);
      await removeByForce(connection, place, theirs);
      continue;
    }
    const answer = await apply(
      connection,
      place,
      { labels: wished(found, 'labels', wish), annotations: wished(found, 'annotations', wish) },
      { resourceVersion: metadataOf(found).resourceVersion, force },
    );
    if (answer !== 'changedMeanwhile') return answer;
  }
  return busy(place);
}

function busy(place: Place): never {
  throw namespaceError('NAMESPACE_BUSY', { ...place });
}

function refuseTerminating(object: KubeObject, place: Place): void {
  const { deletionTimestamp } = metadataOf(object);
  if (deletionTimestamp !== undefined)
    throw namespaceError('NAMESPACE_TERMINATING', { ...place, since: deletionTimestamp });
}

/** All that is to be Drover's: what it applied before as that is now, but for what the wish says otherwise. */
function wished(object: KubeObject, of: Owned, wish: NamespaceWish): Record<string, string> {
  const now = metadataOf(object)[of] ?? {};
  const kept = [...ownersOf(object, of)].flatMap(([key, owners]) =>
    owners.some(isOurs) && now[key] !== undefined ? [[key, now[key]] as const] : [],
  );
  return given({ ...Object.fromEntries(kept), ...wish[of] });
}

const given = (wanted: Record<string, string | null> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null));

interface OwnedField {
  of: Owned;
  key: string;
  managers: string[];
}

/** An apply takes away only what is its own: what others own stays whatever is left out. */
function removedOfOthers(object: KubeObject, wish: NamespaceWish): OwnedField[] {
  return (['labels', 'annotations'] as const).flatMap((of) => {
    const owners = ownersOf(object, of);
    const now = metadataOf(object)[of] ?? {};
    return Object.entries(wish[of] ?? {}).flatMap(([key, value]) => {
      if (value !== null || now[key] === undefined) return [];
      const others = (owners.get(key) ?? []).filter((owner) => !isOurs(owner));
      const isOnlyOurs = others.length === 0 && owners.has(key);
      return isOnlyOurs ? [] : [{ of, key, managers: others.map(({ manager }) => manager) }];
    });
  });
}

async function removeByForce(
  connection: KubeConnection,
  { name }: Place,
  fields: OwnedField[],
): Promise<void> {
  const metadata: Record<string, Record<string, null>> = {};
  for (const { of, key } of fields) metadata[of] = { ...metadata[of], [key]: null };
  await patchObject(connection, pathFor(name), { metadata });
}

async function apply(
  connection: KubeConnection,
  place: Place,
  fields: Record<Owned, Record<string, string>>,
  { resourceVersion, force = false }: { resourceVersion?: string; force?: boolean } = {},
): Promise<KubeObject | 'changedMeanwhile'> {
  const { name } = place;
  const answer = await connection.send({
    method: 'PATCH',
    path: pathFor(name),
    query: { fieldManager: drover, ...(force && { force }) },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, ...fields, ...(resourceVersion !== undefined && { resourceVersion }) },
    },
  });
  if (answer.status === 409) {
    const conflicts = conflictsIn(answer.json());
    if (conflicts.length === 0) return 'changedMeanwhile';
    throw ownedBy(place, conflicts);
  }
  const problem = problemOf(answer);
  if (problem) throw problem;
  return answer.json() as KubeObject;
}

/** `.metadata.labels.team`, `conflict with "kubectl-label" using v1`; keys with dots stand in the field as they are. */
function conflictsIn(status: unknown): OwnedField[] {
  const { details } = status as {
    details?: { causes?: { reason?: string; field?: string; message?: string }[] };
  };
  return (details?.causes ?? []).flatMap(({ reason, field = '', message = '' }) => {
    const [, of, key] = /^\.metadata\.(labels|annotations)\.(.+)$/.exec(field) ?? [];
    const [, manager = ''] = /^conflict with "([^"]*)"/.exec(message) ?? [];
    if (reason !== 'FieldManagerConflict' || !of || !key) return [];
    return [{ of: of as Owned, key, managers: [manager] }];
  });
}

function ownedBy({ name }: Place, fields: OwnedField[]): DroverError {
  const said = fields.map(({ of, key, managers }) => ({
    path: `${of}.${key}`,
    owners: managers.join(', ') || '?',
  }));
  return namespaceError(
    'NAMESPACE_FIELD_OWNED',
    { name, owners: said.map(({ path, owners }) => `${path} (${owners})`).join('; ') },
    {
      fields: said.map(({ path, owners }) => ({
        path,
        code: 'owned',
        message: { en: `${path} is owned by ${owners}`, zh: `${path} 由 ${owners} 拥有` },
      })),
    },
  );
}
