import { z } from '@hono/zod-openapi';
import { noteDone } from '#auth';
import type { ClustersData, SaidValidation, Validation } from '#clusters';
import { second } from '#time';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { manyRoute, resultsWith } from '../manyRoute.ts';
import { byOf, outward } from '../outside.ts';
import type { Presented } from '../record.ts';
import { findRow, pathOf } from '../recordRoutes.ts';
import { idParams } from '../schemas.ts';
import { validationSchema } from './answers.ts';
import { capabilitiesParam, validateSchema } from './bodies.ts';
import { askForValidation, said } from './connect.ts';
import { clusterHttpError } from './errors.ts';

/** What a request can spend on many before its gateway gives up, less one check that has just begun. */
const timeForMany = 12 * second;

const manySchema = resultsWith({ validation: validationSchema.optional() }).openapi('ChecksOfMany');

const capabilitiesQuery = z.strictObject({
  capabilities: capabilitiesParam.optional().openapi({
    description: 'What it is to be good for; what "watch" lacks fails, what others lack warns.',
  }),
});

/** How a path answers a validation: the older ones say a little more. */
export type Told = (validation: SaidValidation) => Presented;
const asItIs: Told = (validation) => validation as unknown as Presented;

/** 200 whatever was found, if only it could be tried. Nothing is kept. */
export function validateRoute(
  api: Api,
  kind: Kind<ClustersData>,
  told: Told = asItIs,
  schema: z.ZodType = validationSchema,
): void {
  const { couriers } = api.ports;
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, '/validate-connection'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Try a connection, step by step, without keeping anything',
      query: capabilitiesQuery,
      body: validateSchema,
      problems: outward,
      answers: { 200: { description: 'What each step found.', schema } },
    },
    async (call) => {
      const { name: _, labels: __, checkEverySeconds: ___, sync: ____, ...body } = call.body;
      const { capabilities } = call.query;
      const validation = await askForValidation(couriers, {
        do: 'validate',
        body,
        ...(capabilities && { capabilities }),
      });
      await note(api, call, 'cluster.validate', validation);
      return call.c.json(told(said(validation, call)));
    },
  );
}

export function checkRoute(
  api: Api,
  kind: Kind<ClustersData>,
  told: Told = asItIs,
  schema: z.ZodType = validationSchema,
): void {
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, '/{id}/check-connection'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Check a cluster now, step by step',
      params: idParams,
      query: capabilitiesQuery,
      problems: outward,
      answers: { 200: { description: 'What each step found.', schema } },
    },
    async (call) => {
      const { id, name } = await findRow(kind, call.params.id, call.caller);
      const validation = await check(api, call, { id, name }, call.query.capabilities);
      return call.c.json(told(said(validation, call)));
    },
  );
}

/** Each for itself, as many as there is time for; the others say that it was not their turn. */
export function checkManyRoute(api: Api, kind: Kind<ClustersData>): void {
  const { clock } = api.ports;
  manyRoute(api, kind, {
    verb: 'check-connection',
    summary: 'Check many now, step by step',
    problems: outward,
    schema: manySchema,
    begin: () => ({ end: clock.now() + timeForMany }),
    async act(id, call, { end }) {
      const row = await findRow(kind, id, call.caller);
      if (clock.now() >= end) throw clusterHttpError('CHECK_NOT_DONE');
      const validation = await check(api, call, row);
      return { row, more: { validation: asItIs(said(validation, call)) } };
    },
  });
}

type Checking = Pick<Call<object, object, unknown>, 'c' | 'caller'>;

async function check(
  api: Api,
  call: Checking,
  { id, name }: { id: string; name: string },
  capabilities?: string[],
): Promise<Validation> {
  const wish = { do: 'check' as const, id, ...(capabilities && { capabilities }), by: byOf(call) };
  const validation = await askForValidation(api.ports.couriers, wish);
  await note(api, call, 'cluster.check', validation, { kind: 'cluster', id, name });
  return validation;
}

async function note(
  { ports }: Api,
  { c, caller }: Checking,
  action: string,
  { outcome, code, failedStep }: Validation,
  target?: { kind: string; id: string; name: string },
): Promise<void> {
  await noteDone(ports, {
    actor: caller.actor,
    action,
    ...(target && { target }),
    after: { outcome, code, failedStep },
    requestId: c.get('requestId'),
  });
}
