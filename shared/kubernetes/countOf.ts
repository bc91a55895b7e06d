import { DroverError } from '#errors';
import type { KubeConnection } from './access.ts';
import type { CallOptions } from './asked.ts';
import type { Selection } from './objects.ts';
import { type TablePage, type TableRequest, tableRows } from './tableRows.ts';

export interface Count {
  readonly count: number;
  /** Where not, there are at least so many: the server told nothing of the rest. */
  readonly exact: boolean;
}

/** Pages that are read at most where the server does not say how many remain. */
const mostPages = 10;
const perPage = 500;

/**
 * How many there are, mostly in one small answer: one row, and how many remain. With a selector the server does not
 * say how many: then the rows are counted, page by page.
 */
export async function countOf(
  connection: KubeConnection,
  path: string,
  { labelSelector, fieldSelector, ...options }: Selection & CallOptions = {},
): Promise<Count> {
  const selection = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
  let count = 0;
  let from: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    // Never with resourceVersion=0: the limit would not hold and the whole list would come.
    const rows = await nextPage(connection, path, {
      ...options,
      ...selection,
      limit: page === 0 && Object.keys(selection).length === 0 ? 1 : perPage,
      ...(from !== undefined && { continue: from }),
    });
    if (!rows) break;
    count += rows.rows.length;
    if (rows.continue === undefined) return { count, exact: true };
    if (rows.remaining !== undefined) return { count: count + rows.remaining, exact: true };
    from = rows.continue;
  }
  return { count, exact: false };
}

/** Undefined where the pages before it have become too old to be continued. */
async function nextPage(
  connection: KubeConnection,
  path: string,
  request: TableRequest,
): Promise<TablePage | undefined> {
  try {
    return await tableRows(connection, path, request);
  } catch (error) {
    if (request.continue && error instanceof DroverError && error.code === 'LIST_EXPIRED') return undefined;
    throw error;
  }
}
