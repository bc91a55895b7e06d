import { z } from 'zod';
import type { Status } from '../codes.ts';
import { newGuid } from './guid.ts';

/** Where a controller says it is reached. */
export const restInfo = z.object({ server: z.string().default(''), port: z.int().min(0).default(0) });
export type RestInfo = z.infer<typeof restInfo>;

export const isWhole = ({ server, port }: RestInfo): boolean => server !== '' && port !== 0;

export const nowhere: RestInfo = { server: '', port: 0 };

const status = z.string() as unknown as z.ZodType<Status>;

/** One that joined, as the primary keeps it. */
const member = z.strictObject({
  id: z.string(),
  name: z.string(),
  secret: z.string(),
  user: z.string(),
  k8sUid: z.string(),
  restInfo,
  restVersion: z.string(),
  status,
  /** In a row. */
  pingErrors: z.int(),
});
export type Member = z.infer<typeof member>;

/** What a controller knows of its federation; it survives a restart. */
export const federationState = z.strictObject({
  clusterName: z.string(),
  role: z.enum(['', 'master', 'joint']),
  localRestInfo: restInfo,
  useProxy: z.enum(['', 'https']),
  deployRepoScanData: z.boolean(),
  pingMinutes: z.int(),
  pollMinutes: z.int(),
  /** On the primary: itself. On a member: where it belongs, without the secret. */
  primary: z
    .strictObject({ id: z.string(), name: z.string(), secret: z.string(), restInfo, status })
    .optional(),
  /** What a member is in its federation. */
  own: z.strictObject({ id: z.string(), secret: z.string(), user: z.string(), status }).optional(),
  members: z.array(member),
  /** Of the federal rules: on the primary as they are, on a member as it has them. */
  revision: z.int(),
  /** Since when what a former federation left is cleaned up. */
  cleanupSince: z.int().optional(),
});
export type FederationState = z.infer<typeof federationState>;

/** As NeuVector is installed: everywhere with the same name. */
export const standalone = (): FederationState => ({
  clusterName: 'cluster.local',
  role: '',
  localRestInfo: nowhere,
  useProxy: '',
  deployRepoScanData: false,
  pingMinutes: 1,
  pollMinutes: 1,
  members: [],
  revision: 0,
});

/** What being a primary adds: it is reached by its members at that address. */
export const asPrimary = (at: RestInfo) =>
  ({
    role: 'master',
    localRestInfo: at,
    primary: { id: newGuid(), name: '', secret: newGuid(), restInfo: at, status: 'active' },
    members: [],
    revision: 1,
  }) satisfies Partial<FederationState>;
