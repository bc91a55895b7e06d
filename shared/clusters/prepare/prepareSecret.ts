import { DroverError, keptCause, shown } from '#errors';
import type { Json, Row } from '#reconcile';
import type { Instant } from '#time';
import type { ClusterCall, Prepared } from '../calls.ts';
import { clusterError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { isSimulatedVersion } from '../isSimulatedVersion.ts';
import type { Climbed } from '../ladder/ladder.ts';
import { parseFailure } from '../ladder/parseFailure.ts';
import type { Validation } from '../ladder/validation.ts';
import type { ClusterData, ClusterSeen } from '../model.ts';
import { accessView } from './accessView.ts';
import { type Connection, readConnection } from './connection.ts';
import { withKept } from './kept.ts';
import { type PrepareParts, tryConnection } from './tryConnection.ts';

type PrepareCall = Extract<ClusterCall, { do: 'prepare' }>;

/** Reads and tries what is given, and seals it for the record that will name its slot. */
export async function prepareSecret(parts: PrepareParts, call: PrepareCall): Promise<Prepared> {
  const { clock, secrets } = parts;
  try {
    const row = call.of === undefined ? undefined : await clusterOf(parts, call.of);
    const connection = await readCall(parts, call, row);
    const { access, expiries, warnings, failure } = accessView(connection, call.version, clock.now());
    if (call.unchecked && failure && !isOfTime(failure)) throw clusterError(failure.code, failure.values);
    const known = row && { id: row.id, uid: row.data.uid };
    const climbed = call.unchecked ? undefined : await tryConnection(parts, connection, known);
    if (climbed?.validation.outcome === 'failed') return refused(climbed.validation);
    const { type, subject: own } = access.credential;
    const username = climbed?.seen.identity?.username;
    // The cluster's word, which may be of any length.
    const identity = username === undefined ? undefined : shown(username);
    // A role is another name in each cluster that lets it in.
    const subject = (type === 'eks' ? (identity ?? own) : (own ?? identity)) ?? null;
    return {
      validation: (climbed?.validation ?? null) as unknown as Json,
      access: { ...access, credential: { ...access.credential, subject } },
      secret: await secrets.seal(call.id, call.version, connection.opened),
      uid: climbed?.seen.uid ?? null,
      seen: climbed ? seenOf(climbed.seen, clock.now()) : null,
      expiries: climbed ? [...climbed.seen.expiries] : expiries,
      // That the server is not verified the record says of itself.
      warnings: warnings.filter(({ code }) => code !== 'SERVER_UNVERIFIED').map(keptCause),
    };
  } catch (error) {
    if (error instanceof DroverError) return refused(parseFailure(error, clock.now()));
    throw error;
  }
}

async function clusterOf({ engine }: PrepareParts, id: string): Promise<Row<ClusterData> | undefined> {
  const row = await engine.records.get(id, 'cluster');
  return row?.data.kind === 'cluster' ? { ...row, data: row.data } : undefined;
}

async function readCall(
  { secrets, allowInsecureTls: allowInsecure }: PrepareParts,
  call: PrepareCall,
  row: Row<ClusterData> | undefined,
): Promise<Connection> {
  if (!row) return readConnection(call.body, { allowInsecure });
  const { access } = row.data;
  const open = () => secrets.open(row, { visit: 'call', within: call, ...(call.by && { by: call.by }) });
  const body = await withKept(call.body, access, open);
  return readConnection(body, { allowInsecure, wasInsecure: !access.isVerified });
}

const refused = (validation: Validation): Prepared => ({
  validation: validation as unknown as Json,
  access: null,
  secret: null,
  uid: null,
  seen: null,
  expiries: [],
  warnings: [],
});

/** What may yet come right, or be replaced; all else could never be used. */
const isOfTime = ({ code }: Finding): boolean => /_(EXPIRED|NOT_YET_VALID)(_LOCAL)?$/.test(code);

function seenOf(seen: Climbed['seen'], at: Instant): ClusterSeen | null {
  const { kubernetesVersion, nodes, pods, latencyMs, apiGroups } = seen;
  if (latencyMs === null) return null;
  return {
    at,
    kubernetesVersion,
    nodes: nodes === null ? null : { total: nodes, part: null },
    pods: pods === null ? null : { total: pods, part: null },
    latencyMs: Math.round(latencyMs),
    apiGroups: apiGroups?.length ?? null,
    isSimulated: isSimulatedVersion(kubernetesVersion),
  };
}
