import { type Caller, isInReach } from '#auth';
import { type ClustersData, clustersArea } from '#clusters';
import { accessError, type ControllerBody } from '#join';
import { createEngine, type Records } from '#reconcile';
import type { Api } from '../api.ts';

/** The clusters through which controllers may be reached: only those that the caller may see. */
export class ControllerClusters {
  readonly #records: Records<ClustersData>;

  constructor({ ports }: Api) {
    this.#records = createEngine(clustersArea, ports).records;
  }

  /** With the cluster's id: between this and its use, its name may come to stand for another. `kept`: the one so far. */
  async vet<C extends ControllerBody>(controller: C, kept: string | undefined, caller: Caller): Promise<C> {
    const cluster = controller.cluster ?? (controller.address === undefined ? kept : undefined);
    if (cluster === undefined) return controller;
    const row = await this.#records.get(cluster, 'cluster');
    if (!row || row.deletedAt !== undefined || !isInReach(caller, row.labels)) {
      const path = 'controller.cluster';
      const fields = [{ path, code: 'CONTROLLER_CLUSTER_UNKNOWN', message: unknown }];
      throw accessError('CONTROLLER_CLUSTER_UNKNOWN', { cluster }, { fields });
    }
    return controller.cluster === undefined ? controller : { ...controller, cluster: row.id };
  }
}

const unknown = { en: 'controller.cluster names no cluster', zh: 'controller.cluster 不对应任何集群' };
