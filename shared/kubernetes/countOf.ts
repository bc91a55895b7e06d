import type { KubeConnection } from './access.ts';
import type { CallOptions } from './asked.ts';
import type { Selection } from './objects.ts';
import { tableRows } from './tableRows.ts';

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
    const rows = await tableRows(connection, path, {
      ...options,
      ...selection,
      limit: page === 0 && Object.keys(selection).length === 0 ? 1 : perPage,
      ...(from !== undefined && { continue: from }),
    });
    count += rows.rows.length;
    if (rows.continue === undefined) return { count, exact: true };
    if (rows.remaining !== undefined) return { count: count + rows.remaining, exact: true };
    from = rows.continue;
  }
  return { count, exact: false };
}
