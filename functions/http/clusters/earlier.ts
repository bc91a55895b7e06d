import { z } from '@hono/zod-openapi';
import type { ClustersData, SaidValidation } from '#clusters';
import type { Api } from '../api.ts';
import type { Kind } from '../kind.ts';
import type { Presented } from '../record.ts';
import { getRoute, listRoute, removeRoute } from '../recordRoutes.ts';
import { clusterSchema, validationSchema } from './answers.ts';
import { checkRoute, validateRoute } from './checks.ts';
import { createClusterRoute } from './create.ts';
import { replaceClusterRoute } from './edit.ts';
import { syncRoute } from './inventory.ts';
import { namespaceRoutes } from './namespaces.ts';

/** The paths of the program before this one: what they take and give is the same, and the state in its words besides. */
const statuses = ['connected', 'disconnected', 'error'] as const;
type Status = (typeof statuses)[number];

const status = z.enum(statuses).openapi({
  description: 'connected: healthy or degraded. error: unauthorized or held. disconnected: all else.',
});

const connected = ['healthy', 'degraded'];
const refused = ['unauthorized', 'held'];

export function statusOf(state: unknown): Status {
  if (connected.includes(String(state))) return 'connected';
  return refused.includes(String(state)) ? 'error' : 'disconnected';
}

/** A server that answered and would not have us is an error; one that was not reached is not connected. */
const answeredSteps = ['http', 'health', 'who', 'may', 'what', 'version', 'load', 'clock', 'same'];

export function statusOfValidation({ outcome, failedStep }: SaidValidation): Status {
  if (outcome !== 'failed') return 'connected';
  return answeredSteps.includes(failedStep ?? '') ? 'error' : 'disconnected';
}

export function earlierKind(kind: Kind<ClustersData>): Kind<ClustersData> {
  return {
    ...kind,
    path: '/api/kubernetes/clusters',
    end: '/',
    tag: 'Earlier paths',
    schema: clusterSchema.extend({ status }).openapi('EarlierCluster'),
    async presentMany(rows, language, caller) {
      const shown = (await kind.presentMany?.(rows, language, caller)) ?? [];
      return shown.map((one) => ({ ...one, status: statusOf(one.state) }));
    },
  };
}

export function earlierRoutes(api: Api, kind: Kind<ClustersData>): void {
  const told = (validation: SaidValidation): Presented =>
    ({ ...validation, status: statusOfValidation(validation) }) as unknown as Presented;
  const schema = validationSchema.extend({ status }).openapi('EarlierValidation');
  validateRoute(api, kind, told, schema);
  listRoute(api, kind);
  getRoute(api, kind);
  createClusterRoute(api, kind);
  replaceClusterRoute(api, kind);
  removeRoute(api, kind);
  checkRoute(api, kind, told, schema);
  syncRoute(api, kind);
  namespaceRoutes(api, kind, { path: '/api/kubernetes/namespaces', end: '/', tag: kind.tag });
}
