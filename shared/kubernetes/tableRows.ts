import type { KubeConnection } from './access.ts';
import { asked, type CallOptions } from './asked.ts';
import { notKubernetes } from './notKubernetes.ts';
import { listMetaOf, type ObjectsPage, type Selection } from './objects.ts';
import { record, recordsIn, textIn } from './shapes.ts';

export interface TableRequest extends Selection, CallOptions {
  limit?: number;
  /** Of the page before. */
  continue?: string;
}

export interface TablePage extends Omit<ObjectsPage, 'items'> {
  /** The server's names, in the order of its cells: `Name`, `Status`. */
  readonly columns: readonly string[];
  /** Cells are for people to read: `Init:0/1`, `Ready,SchedulingDisabled`, `5d`. */
  readonly rows: readonly (readonly unknown[])[];
  /** The cell of a column in a row; undefined where there is no such column. Columns move between versions. */
  cell(row: readonly unknown[], column: string): unknown;
}

/**
 * One page as the rows that kubectl shows, without the objects: a fraction of the bytes and the work. LIST_EXPIRED
 * says that the pages before it are too old to be continued.
 */
export async function tableRows(
  connection: KubeConnection,
  path: string,
  { limit, labelSelector, fieldSelector, continue: from, ...options }: TableRequest = {},
): Promise<TablePage> {
  const answer = await asked(connection, {
    ...options,
    path,
    query: { limit, labelSelector, fieldSelector, continue: from, includeObject: 'None' },
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
  });
  const body = record(answer);
  if (body.kind !== 'Table') throw notKubernetes(answer);
  const columns = recordsIn(body, 'columnDefinitions', answer).map((column) => textIn(column, 'name') ?? '');
  const indexes = new Map(columns.map((name, index) => [name, index]));
  const rows = recordsIn(body, 'rows', answer).map(({ cells }) => (Array.isArray(cells) ? cells : []));
  return {
    columns,
    rows,
    cell: (row, column) => row[indexes.get(column) ?? -1],
    ...listMetaOf(body),
  };
}
