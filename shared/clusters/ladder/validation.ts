import { z } from 'zod';
import { capabilities } from '../accessManifest/permissions.ts';

/** The rungs, from the ground up. The first that fails ends the climb. */
export const ladderSteps = [
  'parse',
  'policy',
  'dns',
  'tcp',
  'proxy',
  'tls',
  'http',
  'health',
  'who',
  'may',
  'what',
  'version',
  'load',
  'clock',
  'same',
] as const;
export type LadderStep = (typeof ladderSteps)[number];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What was seen, for a person to compare: fields that were read, never an answer as it came, and no secret. */
const evidence = z.record(
  z.string(),
  z.union([scalar, z.array(z.union([scalar, z.record(z.string(), scalar)]))]),
);
export type Evidence = z.infer<typeof evidence>;

/** What the sentences of a code are filled with; what is itself said in every language stands as such. */
const values = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.object({ en: z.string(), zh: z.string() })]),
);

const outcomes = ['ok', 'warning', 'failed', 'skipped'] as const;

const step = z.object({
  step: z.enum(ladderSteps),
  outcome: z.enum(outcomes),
  code: z.string().nullable(),
  values,
  ms: z.number(),
  evidence,
});

const warning = z.object({ code: z.string(), values, days: z.number().optional() });

export const credentialTypes = ['token', 'kubeconfig', 'certificate', 'eks'] as const;

/** A credential as it may be seen. */
export const credentialView = z.object({
  type: z.enum(credentialTypes),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  fingerprint: z.string().nullable(),
  expiresAt: z.string().nullable(),
  /** Null for one that is not kept. */
  rotatedAt: z.string().nullable(),
  version: z.number().nullable(),
});
export type CredentialView = z.infer<typeof credentialView>;

const permission = z.object({
  capability: z.enum(capabilities),
  verb: z.string(),
  group: z.string().nullable(),
  resource: z.string(),
  namespace: z.string().nullable(),
  allowed: z.boolean(),
});

/** With the one object it is about, which the manifest of what is missing is made from. */
const judgedPermission = permission.extend({ name: z.string().nullable() });
export type JudgedPermission = z.infer<typeof judgedPermission>;

const frame = {
  outcome: z.enum(['ok', 'warning', 'failed']),
  /** Null unless it failed. */
  code: z.string().nullable(),
  failedStep: z.enum(ladderSteps).nullable(),
  startedAt: z.string(),
  tookMs: z.number(),
  credential: credentialView.nullable(),
};

/** A validation as it is kept: in no language yet. */
export const validation = z.object({
  ...frame,
  steps: z.array(step),
  permissions: z.array(judgedPermission),
  warnings: z.array(warning),
});
export type Validation = z.infer<typeof validation>;
export type ValidationStep = Validation['steps'][number];
export type ValidationWarning = Validation['warnings'][number];

const sentence = z.string();

/** A validation as the API answers it. */
export const saidValidation = z.object({
  ...frame,
  steps: z.array(
    step.omit({ values: true }).extend({ message: sentence.nullable(), remedy: sentence.nullable() }),
  ),
  permissions: z.array(permission),
  warnings: z.array(warning.omit({ values: true }).extend({ message: sentence, remedy: sentence })),
});
export type SaidValidation = z.infer<typeof saidValidation>;
