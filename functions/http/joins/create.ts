import { requireReach } from '#auth';
import { drawSuffix, lookEvery, type MembershipBody, type MembershipData, newMembership } from '#join';
import { slotName, slotsOf } from '#reconcile';
import type { Api } from '../api.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { byOf, outward } from '../outside.ts';
import { createRoute } from '../recordRoutes.ts';
import { createSchema } from './bodies.ts';
import type { ControllerClusters } from './controllerCluster.ts';
import { askWorker } from './worker.ts';

export function createJoinRoute(api: Api, kind: Kind<MembershipData>, clusters: ControllerClusters): void {
  const { clock, couriers, random } = api.ports;
  const { records } = kind;
  createRoute(api, kind, {
    body: createSchema,
    description: 'Only what was given is looked at; its stages then tell how far it comes.',
    problems: outward,
    async draft(call) {
      const { name, labels, ...body } = call.body;
      requireReach(call.caller, labels);
      // Before secrets are sealed for it; creating it makes sure.
      if (await records.get(name, kind.kind)) throw httpError('NAME_TAKEN', { kind: kind.kind, name });
      const controller = await clusters.vet(body.controller, undefined, call.caller);
      const id = records.newId(kind.kind);
      const prepared = await askWorker(couriers, {
        do: 'prepare',
        id,
        version: 1,
        body: { ...body, controller } satisfies MembershipBody,
        by: byOf(call),
      });
      const slot = slotName(0, id);
      const data = newMembership(prepared, slot, drawSuffix(random), clock.now());
      const everySeconds = lookEvery;
      return {
        draft: {
          kind: kind.kind,
          id,
          name,
          labels,
          everySeconds,
          data,
          sides: slotsOf(id, slot, prepared.secret),
        },
      };
    },
  });
}
