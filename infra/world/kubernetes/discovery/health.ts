import type { ApiAnswer } from '../api.ts';
import { kindsData } from '../kinds/data.ts';
import { pageNotFound, plain } from './answers.ts';

/** `/livez`, `/readyz` and `/healthz`, and below them each of their checks by itself. */
export function health(endpoint: string, check: string | undefined, query: URLSearchParams): ApiAnswer {
  const checks = kindsData().health[endpoint]!;
  if (check !== undefined) {
    if (!checks.includes(check)) return pageNotFound;
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
  }
  const excluded = new Set(query.getAll('exclude'));
  const lines = checks.map((name) => `[+]${name} ${excluded.delete(name) ? 'excluded: ' : ''}ok\n`);
  if (excluded.size > 0) {
    const unknown = [...excluded].sort().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}\n`);
  }
  return plain(200, query.has('verbose') ? `${lines.join('')}${endpoint} check passed\n` : 'ok');
}
