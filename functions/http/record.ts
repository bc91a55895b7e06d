import type { Area, Json, Labels, Row } from '#reconcile';
import { iso } from '#time';
import type { AppContext } from './appEnv.ts';
import { etagOf, isUnchanged } from './conditions.ts';
import { httpError } from './errors.ts';
import { areLabelsBounded } from './schemas.ts';

export type Presented = Record<string, Json>;

/** A record as the API answers it: the same members for every kind, then its own. */
export function presentRecord<D>(area: Pick<Area<D>, 'present'>, row: Row<D>): Presented {
  const { state, cause, message, remedy, since, checkedAt, ...own } = area.present(row);
  return {
    id: row.id,
    name: row.name,
    labels: row.labels,
    version: row.version,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    state: row.deletedAt === undefined ? (state ?? 'unknown') : 'deleting',
    cause: cause ?? row.trouble?.code ?? null,
    message: message ?? null,
    remedy: remedy ?? null,
    since: row.deletedAt === undefined ? (since ?? null) : iso(row.deletedAt),
    checkedAt: checkedAt ?? null,
    ...own,
  };
}

/** Answers a record with its ETag, or 304 where the caller has this version. */
export function answerRecord(
  c: AppContext,
  version: number,
  body: Presented,
  status: 200 | 201 | 202 = 200,
  headers: Record<string, string> = {},
): Response {
  const etag = etagOf(version);
  // That nobody knows how it is any more is no change of the record, and yet not what it said before.
  const isAsItWas = body.state !== 'unknown' && isUnchanged(c, etag);
  if (c.req.method === 'GET' && isAsItWas) {
    return new Response(null, { status: 304, headers: { etag, ...headers } });
  }
  return c.json(body as object, status, { etag, ...headers });
}

/** RFC 7396 on one level: labels are merged name by name, null removes. Small patches must not add up to too much. */
export function mergedLabels(labels: Labels, patch: Record<string, string | null> | undefined): Labels {
  if (patch === undefined) return labels;
  const merged = new Map(Object.entries(labels));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  const all = Object.fromEntries(merged);
  if (!areLabelsBounded(all)) throw httpError('LABELS_TOO_MANY');
  return all;
}
