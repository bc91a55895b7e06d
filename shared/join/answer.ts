import { unreachable } from '#errors';
import { enforcerStatsOf } from '#neuvector/exporter';
import type { Json, Row } from '#reconcile';
import type { Visit } from './access/access.ts';
import { prepare } from './access/prepare/prepare.ts';
import type { Caller, JoinCall, Scraped } from './calls.ts';
import { joinError } from './errors.ts';
import { preflight } from './ladder/preflight.ts';
import type { MembershipData } from './model.ts';
import { scrape } from './scrape/scrape.ts';
import type { WorkerParts } from './worker.ts';

/** What the HTTP function asks for and waits for; see calls.ts. */
export async function answerCall(parts: WorkerParts, call: JoinCall): Promise<Json> {
  switch (call.do) {
    case 'prepare':
      return asJson(await prepare({ ...parts, records: parts.engine.records }, call));
    case 'preflight': {
      const row = await found(parts, call.id);
      return asJson(await preflight(parts, row, visitOf('call', call, call.by)));
    }
    case 'scrape':
      return asJson(await scraped(parts, call));
    case 'settings':
      return { done: await parts.settings.apply() };
    default:
      return unreachable(call);
  }
}

/** Without a wish of their own, those who ask get what the environment says of its membership; others are spared. */
async function scraped(parts: WorkerParts, call: Extract<JoinCall, { do: 'scrape' }>): Promise<Scraped> {
  const { compat, enforcerStats } = call;
  const row = await found(parts, call.id);
  const isSet = row.data.from === 'settings' && enforcerStatsOf(parts.controller?.ENFORCER_STATS, compat);
  return scrape(parts, row, { compat, enforcerStats: enforcerStats ?? isSet });
}

const visitOf = (kind: Visit['kind'], within: object, by: Caller | undefined): Visit => ({
  kind,
  within,
  ...(by && { by }),
});

async function found({ engine }: WorkerParts, id: string): Promise<Row<MembershipData>> {
  const row = await engine.records.get(id, 'join');
  if (!row) throw joinError('MEMBERSHIP_GONE', { id });
  return row;
}

/** Made up of nothing else, which the compiler cannot see of interfaces. */
const asJson = (value: object): Json => value as unknown as Json;
