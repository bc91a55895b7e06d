import { z } from '@hono/zod-openapi';
import { type Caller, isInReach, requireReach } from '#auth';
import type { By, Changed, Draft, Edit, Row } from '#reconcile';
import { answerPage } from './answerPage.ts';
import type { Api } from './api.ts';
import { type Call, endpoint } from './endpoint.ts';
import { httpError } from './errors.ts';
import type { Kind } from './kind.ts';
import { answerRecord, type Presented, presentRecord } from './record.ts';
import { eventSchema, idParams, listOf, queryInt } from './schemas.ts';

export { listRoute } from './listRoute.ts';
export { manyRoute } from './manyRoute.ts';

type IdCall<Q = object, B = unknown> = Call<{ id: string }, Q, B>;

/** GET one; with `?wait=20&version=5` as soon as it is newer than that, or after so many seconds as it is. */
export function getRoute<D>(api: Api, kind: Kind<D>): void {
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/{id}'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: `Read one of the ${kind.plural}`,
      description:
        'With wait and version: as soon as it is newer than that version, or after wait seconds as it is.',
      params: idParams,
      query: z.strictObject({
        wait: queryInt(0, 20).optional(),
        version: queryInt(0, 999_999_999).optional(),
      }),
      answers: {
        200: { description: 'The record; its ETag is its version.', schema: kind.schema },
        304: { description: 'If-None-Match names the version it has.' },
      },
    },
    async (call) => {
      const {
        c,
        params,
        query: { wait = 0, version = 0 },
        caller,
      } = call;
      const seen = await findRow(kind, params.id, caller);
      const row =
        wait > 0 && seen.version <= version
          ? await kind.records.waitNewer(params.id, kind.kind, version, wait)
          : seen;
      if (!row || !isInReach(caller, row.labels)) throw unknown(kind);
      return answerRecord(c, row.version, await presentOne(kind, row, call));
    },
  );
}

export function historyRoute<D>(api: Api, kind: Kind<D>): void {
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/{id}/history'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'What happened to it, newest first; kept 90 days',
      params: idParams,
      query: z.strictObject({ limit: queryInt(1, 200).optional(), cursor: z.string().max(2000).optional() }),
      answers: { 200: { description: 'Events.', schema: listOf(eventSchema) } },
    },
    async ({ c, params, query: { limit = 50, cursor }, caller }) => {
      const { id } = await findRow(kind, params.id, caller);
      const bound = `history of ${id}`;
      const after = cursor === undefined ? undefined : await api.cursors.open(cursor, bound);
      if (cursor !== undefined && typeof after !== 'string') throw httpError('CURSOR_INVALID');
      const page = await kind.records.history(id, { limit, ...(typeof after === 'string' ? { after } : {}) });
      // What it did while it had other labels is not this caller's to see.
      const events = page.events.filter((event) => isInReach(caller, event.record.labels));
      const items = events.map((event) => ({ ...event, at: new Date(event.at).toISOString() }));
      return answerPage(c, items, page.next ? await api.cursors.seal(page.next, bound) : null);
    },
  );
}

/** POST collection → 201 and Location. `draft` makes the record; `answer` may add what is shown once. */
export function createRoute<D, B extends z.ZodType, Q extends z.ZodType<object> = z.ZodType<object>>(
  api: Api,
  kind: Kind<D>,
  spec: {
    body: B;
    query?: Q;
    evidence?: Record<number, z.ZodType>;
    description?: string;
    /** Where more is answered than the record: a secret shown once. */
    schema?: z.ZodType;
    problems?: readonly number[];
    draft(call: Call<object, z.output<Q>, z.output<B>>): Promise<{ draft: Draft<D>; once?: Presented }>;
  },
): void {
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind),
      role: kind.roles.write,
      tag: kind.tag,
      summary: `Create one of the ${kind.plural}`,
      ...(spec.description === undefined ? {} : { description: spec.description }),
      body: spec.body,
      ...(spec.query ? { query: spec.query } : {}),
      ...(spec.problems ? { problems: spec.problems } : {}),
      ...(spec.evidence ? { evidence: spec.evidence } : {}),
      answers: { 201: { description: 'Created; Location says where.', schema: spec.schema ?? kind.schema } },
    },
    async (call) => {
      const { draft, once } = await spec.draft(call);
      const { row, record } = await createRecord(kind, draft, call);
      return answerRecord(call.c, row.version, { ...record, ...once }, 201, {
        location: pathOf(kind, `/${row.id}`),
      });
    },
  );
}

/** Within the caller's reach, with what the audit trail tells of it. */
export async function createRecord<D>(
  kind: Kind<D>,
  draft: Draft<D>,
  call: Pick<Call<object, object, unknown>, 'c' | 'caller' | 'by'>,
): Promise<{ row: Row<D>; record: Presented }> {
  requireReach(call.caller, draft.labels);
  const after = kind.area.present(asRow(draft));
  const created = await kind.records.create(draft, call.by(`${kind.kind}.create`, { after }));
  if (created.outcome === 'nameTaken') {
    throw httpError('NAME_TAKEN', { kind: kind.kind, name: draft.name });
  }
  return { row: created.row, record: await presentOne(kind, created.row, call) };
}

/** PUT or PATCH: `edit` says what becomes of the row; it may be asked again where another write came between. */
export function editRoute<D, B extends z.ZodType>(
  api: Api,
  kind: Kind<D>,
  spec: {
    method: 'put' | 'patch';
    body: B;
    ifMatch?: 'honoured' | 'required';
    problems?: readonly number[];
    edit(row: Row<D>, body: z.output<B>): Edit<D> | undefined;
    /** What must be known before the row is read. */
    prepare?(call: IdCall<object, z.output<B>>): Promise<void>;
  },
): void {
  endpoint(
    api,
    {
      method: spec.method,
      path: pathOf(kind, '/{id}'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: `${spec.method === 'put' ? 'Replace' : 'Change'} what is wanted of one of the ${kind.plural}`,
      ...(spec.method === 'patch' ? { description: 'A JSON merge patch (RFC 7396).' } : {}),
      params: idParams,
      body: spec.body,
      ifMatch: spec.ifMatch ?? 'honoured',
      answers: { 200: { description: 'As it is now.', schema: kind.schema } },
      problems: [409, 422, ...(spec.problems ?? [])],
    },
    async (call) => {
      await spec.prepare?.(call);
      const row = await changeRow(kind, call, `${kind.kind}.update`, (row) => spec.edit(row, call.body));
      return answerRecord(call.c, row.version, await presentOne(kind, row, call));
    },
  );
}

/** DELETE → 202 and state `deleting`, again and again, until all is undone: then 404. */
export function removeRoute<D, Q extends z.ZodType<object> = z.ZodType<object>>(
  api: Api,
  kind: Kind<D>,
  spec: {
    query?: Q;
    description?: string;
    problems?: readonly number[];
    /** May refuse it, where that takes more than the row. */
    check?(row: Row<D>, call: IdCall<z.output<Q>>): Promise<void>;
    /** What the record says from then on; may refuse it. */
    end?(row: Row<D>, call: IdCall<z.output<Q>>): D;
  } = {},
): void {
  const { query, description, problems } = spec;
  endpoint(
    api,
    {
      method: 'delete',
      path: pathOf(kind, '/{id}'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: `Delete one of the ${kind.plural}`,
      ...(description !== undefined && { description }),
      params: idParams,
      ifMatch: 'honoured',
      ...(query && { query }),
      ...(problems && { problems }),
      answers: { 202: { description: 'Being deleted; readable until all is undone.', schema: kind.schema } },
    },
    async (call) => {
      const row = await findRow(kind, call.params.id, call.caller);
      if (row.deletedAt === undefined) await spec.check?.(row, call);
      const removed = await removeRow(kind, row, call, spec.end && ((now) => spec.end!(now, call)));
      return answerRecord(call.c, removed.version, await presentOne(kind, removed, call), 202);
    },
  );
}

/** POST /{id}/verb: 202 with the record when work begins, 200 when it is done at once. */
export function actionRoute<D, B extends z.ZodType>(
  api: Api,
  kind: Kind<D>,
  spec: {
    verb: string;
    summary: string;
    description?: string;
    role?: Kind<D>['roles']['write'];
    body?: B;
    status: 200 | 202;
    ifMatch?: 'honoured' | 'required';
    schema?: z.ZodType;
    problems?: readonly number[];
    /** Changes the row through `change`, and answers the body. */
    act(
      call: IdCall<object, z.output<B>>,
      change: (edit: (row: Row<D>) => Edit<D> | undefined) => Promise<Row<D>>,
    ): Promise<{ row: Row<D>; once?: Presented }>;
  },
): void {
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, `/{id}/${spec.verb}`),
      role: spec.role ?? kind.roles.write,
      tag: kind.tag,
      summary: spec.summary,
      ...(spec.description === undefined ? {} : { description: spec.description }),
      params: idParams,
      ...(spec.body ? { body: spec.body, bodyOptional: takesNothing(spec.body) } : {}),
      ifMatch: spec.ifMatch ?? 'honoured',
      answers: {
        [spec.status]: {
          description: spec.status === 202 ? 'Begun.' : 'Done.',
          schema: spec.schema ?? kind.schema,
        },
      },
      ...(spec.problems ? { problems: spec.problems } : {}),
    },
    async (call) => {
      const { row, once } = await spec.act(call, (edit) =>
        changeRow(kind, call, `${kind.kind}.${spec.verb}`, edit),
      );
      const record = await presentOne(kind, row, call);
      return answerRecord(call.c, row.version, { ...record, ...once }, spec.status);
    },
  );
}

/** A body of which every member has a default may be left out. */
export const takesNothing = (body: z.ZodType): boolean => body.safeParse({}).success;

/** What the caller may see; what it may not is not there. */
export async function findRow<D>(kind: Kind<D>, idOrName: string, caller: Caller): Promise<Row<D>> {
  const row = await kind.records.get(idOrName, kind.kind);
  if (!row || !isInReach(caller, row.labels)) throw unknown(kind);
  return row;
}

/**
 * For writes that are prepared at length: what they would be refused for is told at once. The write itself asks again.
 */
export async function findWritable<D>(kind: Kind<D>, { params, caller, by }: IdCall): Promise<Row<D>> {
  const row = await findRow(kind, params.id, caller);
  const { ifMatch } = by('');
  if (ifMatch !== undefined && ifMatch !== row.version) {
    throw httpError('VERSION_STALE', { version: row.version });
  }
  if (row.deletedAt !== undefined) throw httpError('RECORD_DELETING', { kind: kind.kind, name: row.name });
  return row;
}

/** Within the same fence as the write: what is out of reach is not there, and nothing is moved out of reach. */
export async function changeRow<D>(
  kind: Kind<D>,
  { params, caller, by }: IdCall,
  action: string,
  edit: (row: Row<D>) => Edit<D> | undefined,
): Promise<Row<D>> {
  const changed = await kind.records.change(
    params.id,
    kind.kind,
    (row) => {
      if (!isInReach(caller, row.labels)) throw unknown(kind);
      const wish = edit(row);
      if (!wish) return undefined;
      if (wish.labels) requireReach(caller, wish.labels);
      return { ...shown(kind, row, wish), ...wish };
    },
    by(action),
  );
  return rowOf(kind, changed, caller);
}

async function removeRow<D>(
  kind: Kind<D>,
  row: Row<D>,
  { caller, by: byOf }: Pick<IdCall, 'caller' | 'by'>,
  end: ((row: Row<D>) => D) | undefined,
): Promise<Row<D>> {
  const by: By = byOf(`${kind.kind}.delete`, {
    before: { name: row.name, labels: row.labels, ...kind.area.present(row) },
  });
  // A caller bound to labels deletes what it saw: the labels may have changed since.
  const pinned = caller.reach && by.ifMatch === undefined ? { ...by, ifMatch: row.version } : by;
  return rowOf(kind, await kind.records.remove(row.id, kind.kind, pinned, end), caller);
}

/** Before and after in the audit trail, as the API shows them: secrets are in neither. */
function shown<D>(kind: Kind<D>, row: Row<D>, wish: Edit<D>): Pick<Edit<D>, 'before' | 'after'> {
  const next = { ...row, data: wish.data ?? row.data, labels: wish.labels ?? row.labels };
  const before = { labels: row.labels, ...kind.area.present(row) };
  const after = { labels: next.labels, ...kind.area.present(next) };
  return differing(before, after);
}

function differing(before: Presented, after: Presented): { before: Presented; after: Presented } {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (from: Presented) => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}

function rowOf<D>(kind: Kind<D>, changed: Changed<D>, caller: Caller): Row<D> {
  if (changed.outcome === 'notFound' || !isInReach(caller, changed.row.labels)) throw unknown(kind);
  const { row } = changed;
  if (changed.outcome === 'stale') throw httpError('VERSION_STALE', { version: row.version });
  if (changed.outcome === 'deleting') throw httpError('RECORD_DELETING', { kind: kind.kind, name: row.name });
  return row;
}

const unknown = <D>(kind: Kind<D>) => httpError('RECORD_UNKNOWN', { kind: kind.kind });

export const pathOf = ({ path, end }: Pick<Kind<unknown>, 'path' | 'end'>, below = ''): string =>
  `${path}${below}${end ?? ''}`;

export async function presentOne<D>(
  kind: Kind<D>,
  row: Row<D>,
  { c, caller }: Pick<IdCall, 'c' | 'caller'>,
): Promise<Presented> {
  const many = await kind.presentMany?.([row], c.get('language'), caller);
  return many?.[0] ?? presentRecord(kind.area, row);
}

/** A draft as it will be, for what its audit entry shows. */
function asRow<D>({ id = '', kind, name, labels, data, everySeconds = 0 }: Draft<D>): Row<D> {
  const never = { createdAt: 0, updatedAt: 0, deletedAt: undefined, attempt: 0, trouble: undefined };
  return { id, kind, name, labels, data, everySeconds, version: 1, ...never };
}
