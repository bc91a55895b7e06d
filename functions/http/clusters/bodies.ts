import { z } from '@hono/zod-openapi';
import { capabilities, checkIntervals, syncKinds, usualInterval, usualSyncKinds } from '#clusters';
import { day } from '#time';
import { mostAtOnce } from '../manyRoute.ts';
import { labelsPatchSchema, labelsSchema, nameSchema, queryFlag } from '../schemas.ts';

/** What comes in about clusters. Secrets are in `credential` and in the user part of `proxy`, and nowhere else. */

const pem = z.string().min(1).max(65_536);

const connection = {
  server: z.string().min(1).max(2048).openapi({
    description: 'https://host:port, with a path where there is one.',
    format: 'uri',
    example: 'https://10.20.0.5:6443',
  }),
  ca: pem.openapi({ description: 'PEM; without it, and without a fingerprint, the public CAs are trusted.' }),
  fingerprint: z.string().min(1).max(200).openapi({
    description:
      'SHA-256 of the server’s own certificate, trusted in place of a CA. Names are then not enforced.',
    pattern: '^([0-9A-Fa-f]{2}:?){32}$',
  }),
  tlsServerName: z.string().min(1).max(253).openapi({
    description: 'The name that the server’s certificate is for, where that is not the host of its address.',
    pattern: '^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$',
  }),
  proxy: z.string().min(1).max(2048).openapi({
    description: 'http(s)://user:password@host:port; everything goes through it. The user part is a secret.',
    format: 'uri',
    example: 'http://proxy.example:3128',
  }),
};

const secret = (description: string) => z.string().min(1).openapi({ description, format: 'password' });

export const credentialSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('token'),
        token: secret('A bearer token.').max(32_768).openapi({ pattern: '^[!-~]+$' }),
      })
      .openapi('TokenCredential', {
        example: { type: 'token', token: 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.c2ln' },
      }),
    z
      .strictObject({
        type: z.literal('kubeconfig'),
        kubeconfig: secret(
          'As kubectl config view --raw --flatten --minify prints it, at most 256 kB. Server and CA are taken from it.',
        ).max(524_288),
        context: z.string().min(1).max(512).optional().openapi({
          description: 'Which, where there are several. The current one is not taken for granted.',
        }),
      })
      .openapi('KubeconfigCredential'),
    z
      .strictObject({
        type: z.literal('certificate'),
        certificate: pem.openapi({ description: 'PEM.' }),
        key: secret('PEM.').max(65_536),
      })
      .openapi('CertificateCredential'),
    z
      .strictObject({
        type: z.literal('eks'),
        region: z.string().min(1).max(64),
        clusterName: z.string().min(1).max(128),
        accessKeyId: z.string().min(1).max(128).optional(),
        secretAccessKey: secret('Left out with accessKeyId where Drover’s own role is used.')
          .max(256)
          .optional(),
        roleArn: z.string().min(1).max(2048).optional(),
      })
      .openapi('EksCredential'),
  ])
  .openapi('ClusterCredential');

const checkEverySeconds = z.literal([...checkIntervals]).openapi({
  type: 'integer',
  enum: [...checkIntervals],
  description: 'How often it is looked at while it is well.',
});

const syncSchema = z
  .strictObject({
    kinds: z
      .array(z.enum(syncKinds))
      .min(1)
      .max(syncKinds.length)
      .default([...usualSyncKinds])
      .openapi({ description: 'Secrets (their names and types) only where they are named here.' }),
    everySeconds: z
      .int()
      .min(300)
      .max(day / 1000)
      .default(3600),
  })
  .openapi('ClusterSync', { example: { kinds: ['namespaces', 'deployments'], everySeconds: 3600 } });

const fields = { ...connection, checkEverySeconds, sync: z.union([syncSchema, z.null()]) };

interface Reached {
  server?: unknown;
  ca?: unknown;
  fingerprint?: unknown;
  tlsServerName?: unknown;
  credential?: { type: string } | undefined;
}

const fromKubeconfig = ['server', 'ca', 'tlsServerName'] as const;

/**
 * A kubeconfig says itself where its cluster is and whom to trust; a second opinion beside it would leave open which
 * of the two was meant. A fingerprint may stand beside it: there is no field for one inside.
 */
function refuseTwoWays(body: Reached, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string, zh: string) =>
    context.addIssue({ code: 'custom', path: [path], message, params: { zh }, input: undefined });
  if (body.credential?.type === 'kubeconfig') {
    for (const field of fromKubeconfig) {
      if (body[field] === undefined || body[field] === null) continue;
      refuse(field, 'comes from the kubeconfig: leave it out', '取自 kubeconfig：请省略');
    }
  }
  if (typeof body.ca === 'string' && typeof body.fingerprint === 'string') {
    refuse(
      'fingerprint',
      'is trusted in place of a CA: give one of the two',
      '用于代替 CA：两者只能给出其一',
    );
  }
}

/** Without a kubeconfig nothing else tells where the cluster is. */
function refuseNowhere(body: Reached, context: z.RefinementCtx): void {
  refuseTwoWays(body, context);
  if (body.credential === undefined || body.credential.type === 'kubeconfig' || body.server !== undefined)
    return;
  context.addIssue({
    code: 'custom',
    path: ['server'],
    message: 'is missing',
    params: { zh: '缺失' },
    input: undefined,
  });
}

const optionalConnection = z.object(connection).partial().shape;

const wanted = {
  labels: labelsSchema.default({}),
  ...optionalConnection,
  credential: credentialSchema,
  checkEverySeconds: checkEverySeconds.default(usualInterval),
  sync: fields.sync.default(null),
};

const example = {
  name: 'store-0412',
  labels: { env: 'prod', region: 'eu' },
  server: 'https://10.20.0.5:6443',
  fingerprint:
    '5B:1F:0C:9E:7D:44:A2:60:13:F8:9B:21:77:C0:5E:DD:08:36:E4:9A:B1:52:CF:0D:68:A7:3E:91:F2:4C:85:1B',
  credential: { type: 'token', token: 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.c2ln' },
  checkEverySeconds: 300,
};

export const createSchema = z
  .strictObject({ name: nameSchema, ...wanted })
  .superRefine(refuseNowhere)
  .openapi('ClusterCreate', { example });
export type ClusterCreate = z.output<typeof createSchema>;

/** Reads as a create does, so that what was tried can be sent on as it is. */
export const validateSchema = z
  .strictObject({ name: nameSchema.optional(), ...wanted })
  .superRefine(refuseNowhere)
  .openapi('ClusterValidate', { example });

export const replaceSchema = z
  .strictObject({
    ...optionalConnection,
    labels: labelsSchema,
    credential: credentialSchema.optional(),
    checkEverySeconds: checkEverySeconds.default(usualInterval),
    sync: fields.sync.default(null),
  })
  .superRefine(refuseNowhere)
  .openapi('ClusterReplace', {
    description:
      'Without "credential" the way to the cluster stays as it is, and its fields must be left out or say the same. With it, it is as these fields say.',
    example: { labels: { env: 'prod' }, checkEverySeconds: 60 },
  });
export type ClusterReplace = z.output<typeof replaceSchema>;

export const patchSchema = z
  .strictObject({
    labels: labelsPatchSchema,
    server: connection.server,
    ca: connection.ca.nullable(),
    fingerprint: connection.fingerprint.nullable(),
    tlsServerName: connection.tlsServerName.nullable(),
    proxy: connection.proxy.nullable(),
    credential: credentialSchema,
    checkEverySeconds,
    sync: fields.sync,
  })
  .partial()
  .superRefine(refuseTwoWays)
  .openapi('ClusterPatch', {
    description:
      'A JSON merge patch. Another server, CA, fingerprint, tlsServerName or proxy only with "credential".',
    example: { labels: { env: null }, checkEverySeconds: 900 },
  });
export type ClusterPatch = z.output<typeof patchSchema>;

export const rotateSchema = z
  .strictObject({ credential: credentialSchema })
  .openapi('ClusterCredentials', { example: { credential: example.credential } });

export const importSchema = z
  .strictObject({
    kubeconfig: secret('Every context of it is a cluster, or those that "contexts" names.')
      .max(524_288)
      .optional(),
    contexts: z
      .array(
        z.strictObject({
          context: z.string().min(1).max(512),
          name: nameSchema.optional(),
          labels: labelsSchema.optional(),
        }),
      )
      .min(1)
      .max(mostAtOnce)
      .optional()
      .openapi({ description: 'Names come from the contexts, where none is given.' }),
    labels: labelsSchema.optional().openapi({ description: 'Of those that have none of their own.' }),
    checkEverySeconds: checkEverySeconds.optional(),
    sync: fields.sync.optional(),
    clusters: z.array(z.unknown()).min(1).max(mostAtOnce).optional().openapi({
      description: 'In place of a kubeconfig: each as for a create, and judged by itself.',
    }),
  })
  .superRefine((body, context) => {
    const refuse = (path: string, message: string, zh: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { zh }, input: undefined });
    if ((body.kubeconfig === undefined) === (body.clusters === undefined)) {
      refuse('kubeconfig', 'or "clusters" must be given, and not both', '与 "clusters" 必须且只能给出其一');
    } else if (body.clusters && body.contexts) {
      refuse('contexts', 'goes with a kubeconfig', '仅用于 kubeconfig');
    }
  })
  .openapi('ClusterImport', { example: { clusters: [example], checkEverySeconds: 300 } });
export type ClusterImport = z.output<typeof importSchema>;

export const uncheckedQuery = z.strictObject({
  unchecked: queryFlag.optional().openapi({
    description: 'true: it is stored without having been tried.',
  }),
});

/** Several with commas; each once. */
export const capabilitiesParam = z
  .string()
  .max(200)
  .regex(new RegExp(`^(${capabilities.join('|')})(,(${capabilities.join('|')}))*$`))
  .transform((text) => capabilities.filter((capability) => text.split(',').includes(capability)))
  .openapi({
    type: 'string',
    description: `Several with commas: ${capabilities.join(', ')}.`,
    example: 'watch,sync',
  });
