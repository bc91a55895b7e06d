import { noteDone } from '#auth';
import { type MembershipData, type Preflight, sayCause, sayStages } from '#join';
import type { Json } from '#reconcile';
import { iso, second } from '#time';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { manyRoute, resultsWith } from '../manyRoute.ts';
import { byOf, outward } from '../outside.ts';
import type { Presented } from '../record.ts';
import { findRow, pathOf } from '../recordRoutes.ts';
import { idParams } from '../schemas.ts';
import { preflightSchema } from './answers.ts';
import { joinHttpError } from './errors.ts';
import { askWorker } from './worker.ts';

/** What a request can spend on many before its gateway gives up, less one preflight that has just begun. */
const timeForMany = 12 * second;

const manySchema = resultsWith({ preflight: preflightSchema.optional() }).openapi('PreflightsOfMany');

/** 200 whatever was found, if only it could be tried. */
export function preflightRoutes(api: Api, kind: Kind<MembershipData>): void {
  const { clock } = api.ports;
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, '/{id}/preflight'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Look at every stage that is harmless, and change nothing',
      params: idParams,
      problems: outward,
      answers: { 200: { description: 'What each stage found.', schema: preflightSchema } },
    },
    async (call) => {
      const { id, name } = await findRow(kind, call.params.id, call.caller);
      return call.c.json(said(await preflight(api, kind, call, { id, name }), call));
    },
  );
  manyRoute(api, kind, {
    verb: 'preflight',
    summary: 'Look at every stage of many, and change nothing',
    problems: outward,
    schema: manySchema,
    begin: () => ({ end: clock.now() + timeForMany }),
    async act(id, call, { end }) {
      const row = await findRow(kind, id, call.caller);
      if (clock.now() >= end) throw joinHttpError('PREFLIGHT_NOT_DONE');
      return { row, more: { preflight: said(await preflight(api, kind, call, row), call) } };
    },
  });
}

type Asker = Pick<Call<object, object, unknown>, 'c' | 'caller'>;

async function preflight(
  { ports }: Api,
  { kind }: Kind<MembershipData>,
  asker: Asker,
  { id, name }: { id: string; name: string },
): Promise<Preflight> {
  const found = await askWorker(ports.couriers, { do: 'preflight', id, by: byOf(asker) });
  const { outcome, code, failedStage } = found;
  await noteDone(ports, {
    ...byOf(asker),
    action: `${kind}.preflight`,
    target: { kind, id, name },
    after: { outcome, code, failedStage },
  });
  return found;
}

const said = ({ startedAt, stages, ...found }: Preflight, { c }: Pick<Asker, 'c'>): Presented => ({
  ...found,
  startedAt: iso(startedAt),
  stages: sayStages(stages, c.get('language'), sayCause) as unknown as Json,
});
