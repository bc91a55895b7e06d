import type { DroverError } from '#errors';
import { type KubeAnswer, type KubeConnection, problemOf } from '#kubernetes';
import { second } from '#time';
import type { KubeObject, Source } from './sources.ts';
import type { Table } from './table.ts';

export interface PageWish {
  namespace: string | null;
  continue: string | null;
  limit: number;
  /** Namespaces and labels with a table's rows: some 2 kB each. */
  withMetadata: boolean;
  signal: AbortSignal;
}

export interface ListPage {
  table: Table | undefined;
  objects: KubeObject[];
  continue: string | null;
  /** After this page; null where the server does not say. */
  remaining: number | null;
  bytes: number;
}

/** The state that was being read is forgotten: how to go on with a later one, if the server says. */
export class ListExpired extends Error {
  readonly problem: DroverError;
  readonly continue: string | null;

  constructor(problem: DroverError, from: string | null) {
    super(problem.message);
    this.problem = problem;
    this.continue = from;
  }
}

const timeout = 30 * second;
/** JSON that means ill takes forty times its size when it is read; a page that is larger is asked for in smaller ones. */
const mostBytes = 16 * 1024 * 1024;

/** One page of a list. */
export async function askPage(
  connection: KubeConnection,
  source: Source,
  { namespace, continue: from, limit, withMetadata, signal }: PageWish,
): Promise<ListPage> {
  const isTable = source.form === 'table';
  const answer = await connection.send({
    path: source.path(namespace),
    query: {
      ...source.query,
      limit,
      continue: from ?? undefined,
      includeObject: isTable ? (withMetadata ? 'Metadata' : 'None') : undefined,
    },
    accept: isTable ? 'application/json;as=Table;g=meta.k8s.io;v=v1' : 'application/json',
    timeout,
    maxBytes: mostBytes,
    signal,
  });
  const problem = problemOf(answer);
  if (answer.status === 410 && problem) throw new ListExpired(problem, continueOf(answer.json()));
  if (problem) throw problem;
  const body = answer.json() as {
    metadata?: { remainingItemCount?: number };
    items?: KubeObject[] | null;
  } & Partial<Table>;
  return {
    table: isTable ? tableIn(body, answer) : undefined,
    objects: body.items ?? [],
    continue: continueOf(body),
    remaining: body.metadata?.remainingItemCount ?? null,
    bytes: answer.body.byteLength,
  };
}

function tableIn({ columnDefinitions, rows }: Partial<Table>, { asked }: KubeAnswer): Table {
  // Whoever cannot make tables sends the list itself.
  if (!Array.isArray(columnDefinitions)) throw new Error(`${asked.path} was not answered as a table.`);
  return { columnDefinitions, rows: rows ?? [] };
}

const continueOf = (body: unknown): string | null => {
  const { metadata } = (body ?? {}) as { metadata?: { continue?: unknown } };
  return typeof metadata?.continue === 'string' && metadata.continue !== '' ? metadata.continue : null;
};
