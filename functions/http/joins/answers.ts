import { z } from '@hono/zod-openapi';
import { stages } from '#join';
import { recordSchema, timeSchema } from '../schemas.ts';

/** What goes out about memberships: made up name by name, without secrets. */

const stageSchema = z
  .object({
    stage: z.enum(stages),
    state: z.enum(['waiting', 'done', 'warning', 'failed']),
    code: z.string().nullable(),
    message: z.string().nullable(),
    remedy: z.string().nullable(),
    answer: z
      .object({ status: z.int(), code: z.int().nullable(), message: z.string() })
      .nullable()
      .openapi({ description: 'NeuVector’s own words, where they decided.' }),
  })
  .openapi('JoinStage');

export const preflightSchema = z
  .object({
    outcome: z.enum(['ok', 'warning', 'failed']),
    code: z.string().nullable().openapi({ description: 'Of the stage that failed.' }),
    failedStage: z.string().nullable(),
    startedAt: timeSchema,
    tookMs: z.number(),
    stages: z.array(stageSchema),
  })
  .openapi('JoinPreflight', { description: 'What each stage that is harmless found; nothing was changed.' });

const credentialSchema = z
  .object({
    type: z.enum(['password', 'apiKey']),
    name: z.string().openapi({ description: 'The user’s, or the key’s.' }),
    version: z.int(),
    rotatedAt: timeSchema,
  })
  .openapi('ControllerCredentialView');

const trust = {
  ca: z.object({ subject: z.string(), fingerprint: z.string(), expiresAt: timeSchema }).nullable(),
  fingerprint: z.string().nullable(),
  tlsServerName: z.string().nullable(),
};

const verified = z.boolean().openapi({
  description:
    'false: reached through a cluster’s API server, which talks TLS to the controller without verifying it.',
});

const controllerSchema = z.union([
  z
    .object({ address: z.string(), ...trust, verified, credential: credentialSchema })
    .openapi('ControllerByAddress'),
  z
    .object({
      cluster: z.string().openapi({ description: 'Its id.' }),
      namespace: z.string(),
      service: z.string(),
      port: z.int(),
      verified,
      credential: credentialSchema,
    })
    .openapi('ControllerByCluster'),
]);

const origin = z.enum(['given', 'token', 'derived', 'controller']).nullable().openapi({
  description: 'Where it is known from.',
});
const place = { server: z.string().nullable(), port: z.int().nullable(), origin };

const memberSchema = z.object({
  id: z.string().openapi({ description: 'In the federation.' }),
  name: z.string(),
  status: z.string().openapi({ description: 'NeuVector’s own word.' }),
  primary: z.object({
    id: z.string(),
    name: z.string(),
    server: z.string(),
    port: z.int(),
    status: z.string(),
  }),
});

export const joinSchema = recordSchema
  .extend({
    join: z.boolean().openapi({ description: 'false: for metrics alone; what is of the join is then null.' }),
    from: z.enum(['api', 'settings']).openapi({
      description: 'settings: made from the environment, and read-only here.',
    }),
    storeId: z.string().nullable(),
    clusterName: z.string().nullable().openapi({ description: 'As it was given.' }),
    federationName: z.string().nullable().openapi({ description: 'What the federation calls it.' }),
    controller: controllerSchema,
    advertise: z.object(place).nullable().openapi({ description: 'Where the primary reaches it.' }),
    primary: z
      .object({
        ...place,
        federation: z.string().nullable().openapi({ description: 'As it was given.' }),
        rest: z.string().nullable(),
        trust: z.object(trust).nullable(),
        credential: z.union([credentialSchema, z.null()]),
      })
      .nullable(),
    tokenGivenAt: timeSchema.nullable(),
    tokenUrl: z.string().nullable(),
    token: z
      .object({
        from: z.enum(['given', 'url', 'primary']),
        at: timeSchema,
        ageSeconds: z.int().openapi({ description: 'Since it was given or fetched.' }),
        server: z.string(),
        port: z.int(),
      })
      .nullable()
      .openapi({ description: 'What is known of the token used last; never the token.' }),
    stages: z.array(stageSchema),
    attempts: z.int(),
    maxAttempts: z.int().nullable(),
    nextTryAt: timeSchema.nullable(),
    joinedAt: timeSchema.nullable(),
    secondsToJoin: z.int().nullable(),
    member: memberSchema.nullable().openapi({ description: 'What its own controller says of it.' }),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), remedy: z.string() })),
    pause: z.object({ until: timeSchema.nullable(), reason: z.string() }).nullable(),
    stayJoined: z.enum(['no', 'mend', 'always']).nullable(),
    contract: z.enum(['controller', 'master']).nullable(),
  })
  .openapi('Join');
