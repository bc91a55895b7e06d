import { DroverError } from '#errors';
import type { Row } from '#reconcile';
import { iso } from '#time';
import { isCapability } from '../accessManifest/permissions.ts';
import type { ClusterCall } from '../calls.ts';
import { clusterError } from '../errors.ts';
import { parseFailure } from '../ladder/parseFailure.ts';
import type { Validation } from '../ladder/validation.ts';
import type { ClusterData } from '../model.ts';
import type { Opened } from '../secret/opened.ts';
import type { Connection } from './connection.ts';
import { type PrepareParts, tryConnection } from './tryConnection.ts';

/** Tries what is stored of a cluster. Where that is another than its record says, a step looks and decides. */
export async function checkStored(
  parts: PrepareParts,
  call: Extract<ClusterCall, { do: 'check' }>,
): Promise<Validation> {
  const row = await parts.engine.records.get(call.id, 'cluster');
  if (row?.data.kind !== 'cluster') throw clusterError('SECRET_MISSING', { id: call.id, version: 0 });
  const cluster = { ...row, data: row.data };
  const validation = await validationOf(parts, cluster, call);
  if (differs(cluster.data, validation)) await parts.engine.wake(row.id);
  return validation;
}

async function validationOf(
  parts: PrepareParts,
  row: Row<ClusterData>,
  call: Extract<ClusterCall, { do: 'check' }>,
): Promise<Validation> {
  const { id, data } = row;
  const { rotatedAt, version } = data.access.credential;
  try {
    if (!data.access.isVerified && !parts.allowInsecureTls) throw clusterError('INSECURE_NO_LONGER_ALLOWED');
    const opened = await parts.secrets.open(row, {
      visit: 'call',
      within: call,
      ...(call.by && { by: call.by }),
    });
    const { validation } = await tryConnection(
      parts,
      storedConnection(data, opened),
      { id, uid: data.uid },
      call.capabilities?.filter(isCapability),
    );
    const { credential } = validation;
    return { ...validation, credential: credential && { ...credential, rotatedAt: iso(rotatedAt), version } };
  } catch (error) {
    if (error instanceof DroverError) return parseFailure(error, parts.clock.now());
    throw error;
  }
}

function storedConnection({ access }: ClusterData, opened: Opened): Connection {
  const { server, fingerprint, tlsServerName, proxy, isVerified, credential } = access;
  return {
    server,
    ...(fingerprint !== null && { fingerprint }),
    ...(tlsServerName !== null && { tlsServerName }),
    ...(proxy !== null && { proxy }),
    isVerified,
    type: credential.type,
    opened,
    warnings: [],
  };
}

/** A paused one is left in peace, and a held one waits for a person. */
function differs({ state }: ClusterData, { outcome, code }: Validation): boolean {
  if (state.is === 'paused' || state.is === 'held') return false;
  return outcome === 'failed' ? !('cause' in state && state.cause.code === code) : state.is !== 'healthy';
}
