import { z } from '@hono/zod-openapi';
import { saidValidation } from '#clusters';
import { problemSchema, recordSchema, timeSchema } from '../schemas.ts';

/** What goes out about clusters: made up name by name, without secrets. */

export const validationSchema = z.object(saidValidation.shape).openapi('Validation', {
  description: 'What each step of the ladder found. It stops at the first that fails.',
});

export const refusedSchema = problemSchema
  .extend({ validation: validationSchema.optional() })
  .openapi('ValidationProblem', {
    description: 'Where the connection was tried, "validation" says what each step found.',
  });

const counted = <N extends string>(part: N) =>
  z.object({ total: z.int(), [part]: z.int().nullable() }).nullable();

const reference = z.object({
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string().nullable(),
});

export const clusterSchema = recordSchema
  .extend({
    server: z.string(),
    ca: z.object({ subject: z.string(), fingerprint: z.string(), expiresAt: timeSchema }).nullable(),
    fingerprint: z.string().nullable(),
    tlsServerName: z.string().nullable(),
    proxy: z.string().nullable().openapi({ description: 'Without user and password.' }),
    verified: z.boolean().openapi({ description: 'false: an administrator allowed not to verify it.' }),
    credential: z.object({
      type: z.enum(['token', 'kubeconfig', 'certificate', 'eks']),
      subject: z.string().nullable(),
      issuer: z.string().nullable(),
      fingerprint: z.string().nullable(),
      expiresAt: timeSchema.nullable(),
      rotatedAt: timeSchema,
      version: z.int(),
      serviceAccount: z.object({ namespace: z.string(), name: z.string() }).nullable(),
    }),
    checkEverySeconds: z.int(),
    sync: z.object({ kinds: z.array(z.string()), everySeconds: z.int() }).nullable(),
    pause: z.object({ until: timeSchema.nullable(), reason: z.string() }).nullable(),
    uid: z.string().nullable().openapi({ description: 'Of its kube-system namespace: who it is.' }),
    heldUid: z.string().nullable().openapi({ description: 'Who answers there now, while it is held.' }),
    simulated: z.boolean().nullable(),
    lastSuccessAt: timeSchema.nullable(),
    ageSeconds: z
      .int()
      .nullable()
      .openapi({ description: 'How old what is shown is: since it was last seen with success.' }),
    kubernetesVersion: z.string().nullable(),
    supportedUntil: timeSchema.nullable().openapi({
      description: 'When Kubernetes itself ends that minor version, where it is known; vendors patch longer.',
    }),
    nodes: counted('ready'),
    pods: counted('running'),
    latencyMs: z.number().nullable(),
    apiGroups: z.int().nullable(),
    warnings: z.array(
      z.object({ code: z.string(), message: z.string(), remedy: z.string(), days: z.int().optional() }),
    ),
    leftBehind: z
      .array(reference)
      .optional()
      .openapi({ description: 'While it is being deleted: what somebody applied there for Drover.' }),
  })
  .openapi('Cluster');
