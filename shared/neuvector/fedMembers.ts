import { z } from 'zod';
import type { SignedIn } from './access.ts';
import { askFor, type CallOptions } from './ask.ts';

/** Records have little room, and what is longer is no name of a host. */
const longestHost = 255;
const longestName = 256;
const longestWord = 64;

/** Where a controller is reached; null where it is not known. */
const restInfo = z
  .object({ server: z.string().min(1).max(longestHost), port: z.int().min(1).max(65_535) })
  .nullish()
  .catch(null)
  .transform((given) => given ?? null);
export type RestInfo = { server: string; port: number };

/** In one line, and not at any length: it is shown, kept, and a label of metrics. */
const text = (longest: number) =>
  z
    .string()
    .nullish()
    .catch('')
    .transform((given) => (given ?? '').slice(0, longest).replace(/\p{Cc}/gu, ' '));

const cluster = z
  .object({
    id: text(longestWord),
    name: text(longestName),
    status: text(longestWord),
    rest_info: restInfo,
    disabled: z.boolean().catch(false),
  })
  .transform(({ rest_info, disabled, ...more }) => ({ ...more, restInfo: rest_info, isDisabled: disabled }));
/** `status` is NeuVector's own word, `''` where it has none: versions to come may have others. */
export type FedCluster = z.infer<typeof cluster>;

/** More than any primary has, each some 400 bytes; counted before they are looked at: that takes room for each. */
const mostClusters = 20_000;

const clusters = z.array(z.unknown()).max(mostClusters).pipe(z.array(cluster));

const roles = { '': 'standalone', master: 'master', joint: 'joint' } as const;

const answer = z
  .object({
    fed_role: z.enum(['', 'master', 'joint']).nullish(),
    local_rest_info: restInfo,
    master_cluster: cluster.nullish(),
    joint_clusters: clusters.nullish(),
  })
  .transform((given) => ({
    role: roles[given.fed_role ?? ''],
    /** Its own address in the federation. */
    local: given.local_rest_info,
    primary: given.master_cluster ?? null,
    /** All of a primary's; of a member, itself alone. */
    members: given.joint_clusters ?? [],
  }));
export type FedMembers = z.infer<typeof answer>;

export const fedMembers = (who: SignedIn, options: CallOptions = {}): Promise<FedMembers> =>
  askFor(who, { path: '/v1/fed/member', ...options }, answer);
