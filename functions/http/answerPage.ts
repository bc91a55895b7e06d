import type { AppContext } from './appEnv.ts';

/** One page of a list: its cursor in the body, and as a link for those who follow links. */
export function answerPage(
  c: AppContext,
  items: readonly object[],
  next: string | null,
  more: object = {},
): Response {
  return c.json(
    { ...more, items: [...items], next },
    200,
    next === null ? {} : { link: nextLink(c.req.url, next) },
  );
}

/** Relative, since only the gateway knows what the outside calls this host. */
function nextLink(url: string, next: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', next);
  return `<${pathname}?${searchParams}>; rel="next"`;
}
