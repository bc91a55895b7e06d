import type { Connections, KubeConnection } from '#kubernetes';
import type { Row } from '#reconcile';
import type { EksBearers } from './eks/eksBearer.ts';
import { clusterError } from './errors.ts';
import type { ClusterData } from './model.ts';
import { accessOf } from './secret/accessOf.ts';
import type { Opening, Secrets } from './secret/secrets.ts';

/** The way into a cluster with what is stored of it. A credential is opened only where no connection is kept. */
export class Reach {
  readonly #secrets: Secrets;
  readonly #connections: Connections;
  readonly #eks: EksBearers;
  readonly #allowInsecureTls: boolean;

  constructor(parts: {
    secrets: Secrets;
    connections: Connections;
    eks: EksBearers;
    allowInsecureTls: boolean;
  }) {
    this.#secrets = parts.secrets;
    this.#connections = parts.connections;
    this.#eks = parts.eks;
    this.#allowInsecureTls = parts.allowInsecureTls;
  }

  async to<T>(
    row: Row<ClusterData>,
    opening: Opening,
    use: (connection: KubeConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { id, data } = row;
    if (!data.access.isVerified && !this.#allowInsecureTls) throw clusterError('INSECURE_NO_LONGER_ALLOWED');
    const access = async () => {
      const given = await accessOf(data.access, await this.#secrets.open(row, opening), this.#eks);
      const openedAt = this.#secrets.openedAt(id);
      return { ...given, ...(openedAt !== undefined && { openedAt }) };
    };
    return this.#connections.with({ id, slot: data.slot }, access, use, signal ? { signal } : {});
  }

  /** Its credential was refused or replaced. */
  forget(id: string): void {
    this.#secrets.forget(id);
    this.#connections.drop(id);
  }

  close(): Promise<void> {
    return this.#connections.closeAll();
  }
}
