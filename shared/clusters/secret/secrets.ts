import type { Row } from '#reconcile';
import { createRecordSecrets, type Opening, type RecordSecrets, type SecretPorts } from '#secrets';
import { clusterError } from '../errors.ts';
import type { ClusterData } from '../model.ts';
import { type Opened, readOpened, writeOpened } from './opened.ts';

/** What of a row tells where its secret lies. */
export type Sealed = Pick<Row<ClusterData>, 'id' | 'kind' | 'name'> & {
  data: Pick<ClusterData, 'slot'> & { access: { credential: { version: number } } };
};

/** The credentials of clusters: a worker's alone, never the HTTP function's. */
export interface Secrets extends Omit<RecordSecrets<Opened>, 'open'> {
  /** Throws a DroverError that says what is the matter where it cannot be opened. */
  open(row: Sealed, opening: Opening): Promise<Opened>;
}

export function createSecrets(ports: SecretPorts): Secrets {
  const secrets = createRecordSecrets<Opened>(ports, {
    area: 'clusters',
    action: 'cluster.openCredential',
    write: writeOpened,
    read: readOpened,
    missing: (values) => clusterError('SECRET_MISSING', values),
  });
  return {
    ...secrets,
    open: ({ id, kind, name, data: { slot, access } }, opening) =>
      secrets.open({ id, kind, name, slot, version: access.credential.version }, opening),
  };
}

export type { Opening, SecretPorts };
