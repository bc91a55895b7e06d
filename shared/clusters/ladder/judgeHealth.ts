import type { Health } from '#kubernetes';
import { found } from '../finding.ts';
import type { Judged, Told, Tried } from './judged.ts';

/** What the server says of its own health; undefined where it does not say. */
export interface HealthSaid {
  readonly livez: Tried<Health | undefined>;
  readonly readyz: Tried<Health | undefined>;
}

/** A server that is not ready is told of; one that is not alive ends the climb. Who may not look has reached it. */
export function judgeHealth({ livez, readyz }: HealthSaid): Judged {
  const evidence = { livez: shortly(livez), readyz: shortly(readyz) };
  const [life, readiness] = [troubleOf('/livez', livez), troubleOf('/readyz', readyz)];
  // Too many calls, or none allowed, say nothing against the server.
  const isFatal = life !== undefined && !['THROTTLED', 'HEALTH_FORBIDDEN'].includes(life.code);
  if (isFatal) return { failure: life, evidence };
  const trouble = life ?? readiness;
  return { warnings: trouble ? [trouble] : [], evidence };
}

function troubleOf(endpoint: string, said: Tried<Health | undefined>): Told | undefined {
  if ('fault' in said) return said.fault;
  if (said.value === undefined) return found('HEALTH_FORBIDDEN', { endpoint });
  const { healthy, failing } = said.value;
  return healthy ? undefined : found('API_NOT_READY', { endpoint, checks: failing.slice(0, 20).join(', ') });
}

function shortly(said: Tried<Health | undefined>): string {
  if ('fault' in said) return said.fault.code;
  if (said.value === undefined) return 'forbidden';
  return said.value.healthy ? 'ok' : 'failing';
}
