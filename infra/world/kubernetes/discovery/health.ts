import type { ApiAnswer } from '../api.ts';
import { kindsData } from '../kinds/data.ts';
import { pageNotFound, plain } from './answers.ts';

/** `/livez`, `/readyz` and `/healthz`, and below them each of their checks by itself. */
export function health(
  endpoint: string,
  check: string | undefined,
  query: URLSearchParams,
  failing: readonly string[] = [],
): ApiAnswer {
  const checks = kindsData().health[endpoint]!;
  if (check !== undefined) {
    if (!checks.includes(check)) return pageNotFound;
    if (failing.includes(check)) return plain(500, 'internal server error: not ok\n');
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
  }
  const excluded = new Set(query.getAll('exclude'));
  const lines = checks.map((name) => {
    if (excluded.delete(name)) return `[+]${name} excluded: ok\n`;
    return failing.includes(name) ? `[-]${name} failed: reason withheld\n` : `[+]${name} ok\n`;
  });
  if (excluded.size > 0) {
    const unknown = [...excluded].sort().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}\n`);
  }
  if (lines.some((line) => line.startsWith('[-]')))
    return plain(500, `${lines.join('')}${endpoint} check failed\n`);
  return plain(200, query.has('verbose') ? `${lines.join('')}${endpoint} check passed\n` : 'ok');
}
