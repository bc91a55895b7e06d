import { z } from '@hono/zod-openapi';
import { requireRole } from '#auth';
import {
  type AccessWish,
  type Capability,
  type ClusterData,
  type ClustersData,
  type ControllerService,
  permissionsOf,
  type ServiceAccount,
  type Validation,
} from '#clusters';
import type { Api } from '../api.ts';
import type { AppContext } from '../appEnv.ts';
import { type Call, endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { byOf, outward } from '../outside.ts';
import { findRow, pathOf } from '../recordRoutes.ts';
import { idParams, queryFlag } from '../schemas.ts';
import { capabilitiesParam } from './bodies.ts';
import { clusterIn } from './clusterKind.ts';
import { askForValidation, failureOf } from './connect.ts';
import { clusterHttpError } from './errors.ts';

/** Loaded when it is asked for: a cold start does without YAML. */
const manifests = () => import('#clusters/yaml');

const usual: ServiceAccount = { namespace: 'drover-system', name: 'drover' };
const usualCapabilities: readonly Capability[] = ['watch'];
const nothingMissing = '# Nothing is missing.\n';

const listSchema = z
  .object({
    apiVersion: z.literal('v1'),
    kind: z.literal('List'),
    items: z.array(z.record(z.string(), z.unknown())),
  })
  .openapi('Manifest', { description: 'As kubectl apply takes it.' });

const answers = {
  200: {
    description: 'For kubectl apply -f -: YAML, or a List where JSON is accepted.',
    schema: listSchema,
    type: ['application/yaml', 'application/json'],
  },
};

const accountQuery = {
  namespace: z.string().max(63).optional().openapi({ description: 'Of the service account.' }),
  name: z.string().max(63).optional().openapi({ description: 'Of the service account.' }),
  token: z.enum(['request', 'secret']).optional().openapi({
    description:
      'secret: one without expiry, kept in a Secret. Otherwise it is made by kubectl create token.',
  }),
  controller: z
    .string()
    .max(140)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z]([-a-z0-9]*[a-z0-9])?:[1-9]\d{0,4}$/)
    .transform((text): ControllerService => {
      const [namespace = '', service = '', port = ''] = text.split(/[/:]/);
      return { namespace, service, port: Number(port) };
    })
    .optional()
    .openapi({
      type: 'string',
      description: "For join: the service of NeuVector's controller, where it is not the usual one.",
      example: 'neuvector/neuvector-svc-controller-api:10443',
    }),
};

/** What a cluster that is not registered yet has to grant. Before `/{id}`, which it would be taken for. */
export function newAccessRoute(api: Api, kind: Kind<ClustersData>): void {
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/access-manifest'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'The service account and the rights that a cluster grants to Drover',
      query: z.strictObject({ capabilities: capabilitiesParam.optional(), ...accountQuery }),
      problems: [422],
      answers,
    },
    async ({ c, query: { capabilities = usualCapabilities, ...account } }) => {
      const { accessManifest } = await manifests();
      return answerManifest(c, accessManifest(wishOf(usual, account, capabilities)));
    },
  );
}

export function accessRoute(api: Api, kind: Kind<ClustersData>): void {
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/{id}/access-manifest'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'What a cluster has to grant to Drover, or what of it is missing',
      description:
        'Without capabilities: for what it is used for. missing=true asks the cluster now, about the usual controller, and needs the role operator.',
      params: idParams,
      query: z.strictObject({
        capabilities: capabilitiesParam.optional(),
        missing: queryFlag.optional(),
        ...accountQuery,
      }),
      problems: [409, 422, ...outward],
      answers,
    },
    async (call) => {
      const { c, params, caller, query } = call;
      const { capabilities, missing = false, ...account } = query;
      const { id, name, ...row } = await findRow(kind, params.id, caller);
      const data = clusterIn({ id, name, ...row });
      const wanted = capabilities ?? usedCapabilities(data);
      if (!missing) return answerManifest(c, await manifestFor(data, wanted, account));
      requireRole(caller, kind.roles.write);
      return answerManifest(c, await missingFrom(api, call, { id, name, data }, wanted));
    },
  );
}

type AccountQuery = { [N in keyof Omit<AccessWish, 'capabilities'>]?: AccessWish[N] | undefined };

function wishOf(
  { namespace, name }: ServiceAccount,
  given: AccountQuery,
  wanted: readonly Capability[],
): AccessWish {
  return {
    namespace: given.namespace ?? namespace,
    name: given.name ?? name,
    ...(given.token && { token: given.token }),
    ...(given.controller && { controller: given.controller }),
    capabilities: wanted,
  };
}

/** What the record asks of the cluster as it is set up now. */
function usedCapabilities({ sync, access }: ClusterData): Capability[] {
  return [
    'watch',
    ...(sync ? (['sync'] as const) : []),
    ...(sync?.kinds.includes('secrets') ? (['secrets'] as const) : []),
    ...(access.credential.serviceAccount ? (['rotation'] as const) : []),
  ];
}

/** A user of a certificate or a cloud is granted; it is not for us to make. */
async function manifestFor(
  { access }: ClusterData,
  wanted: readonly Capability[],
  given: AccountQuery,
): Promise<string> {
  const { accessManifest, missingManifest, subjectOf } = await manifests();
  const { serviceAccount, subject } = access.credential;
  const { controller, ...account } = given;
  const isOther =
    subject !== null && serviceAccount === null && Object.values(account).every((one) => one === undefined);
  if (!isOther) return accessManifest(wishOf(serviceAccount ?? usual, given, wanted));
  const permissions = wanted.flatMap((capability) => permissionsOf(capability, usual, controller));
  return missingManifest(permissions, subjectOf(subject));
}

async function missingFrom(
  { ports }: Api,
  asker: Pick<Call<object, object, unknown>, 'c' | 'caller'>,
  { id, name, data }: { id: string; name: string; data: ClusterData },
  wanted: Capability[],
): Promise<string> {
  const validation = await askForValidation(ports.couriers, {
    do: 'check',
    id,
    capabilities: wanted,
    by: byOf(asker),
  });
  if (validation.permissions.length === 0) {
    throw clusterHttpError('PERMISSIONS_UNKNOWN', { name, ...failureOf(validation) });
  }
  const missing = validation.permissions.filter(({ allowed }) => !allowed);
  const subject = identityIn(validation) ?? data.access.credential.subject ?? '';
  asker.c.header('cache-control', 'no-store');
  if (missing.length === 0) return nothingMissing;
  const { missingManifest, subjectOf } = await manifests();
  return missingManifest(missing, subjectOf(subject));
}

/** Whom the cluster takes us for: what a credential says of itself may be another name, as with EKS, or none. */
function identityIn({ steps }: Validation): string | undefined {
  const { username } = steps.find(({ step }) => step === 'who')?.evidence ?? {};
  return typeof username === 'string' && username !== '' ? username : undefined;
}

async function answerManifest(c: AppContext, text: string): Promise<Response> {
  const wantsJson = /\bapplication\/json\b/.test(c.req.header('accept') ?? '');
  if (!wantsJson) return c.body(text, 200, { 'content-type': 'application/yaml' });
  const { parseAllDocuments } = await import('yaml');
  const items = parseAllDocuments(text).flatMap((document) => {
    const object: unknown = document.toJS();
    return object === null ? [] : [object];
  });
  return c.json({ apiVersion: 'v1', kind: 'List', items });
}
