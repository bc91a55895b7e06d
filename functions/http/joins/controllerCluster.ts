import { type Caller, isInReach } from '#auth';
import { type ClustersData, clustersArea } from '#clusters';
import type { ControllerBody } from '#join';
import { createEngine, type Records } from '#reconcile';
import type { Api } from '../api.ts';
import { joinHttpError } from './errors.ts';

/** The clusters through which controllers may be reached: only those that the caller may see. */
export class ControllerClusters {
  readonly #records: Records<ClustersData>;

  constructor({ ports }: Api) {
    this.#records = createEngine(clustersArea, ports).records;
  }

  /** The cluster by its id: between this and its use, its name may come to stand for another. */
  async vet<C extends ControllerBody>(controller: C, kept: string | undefined, caller: Caller): Promise<C> {
    const meant = controller.cluster ?? (controller.address === undefined ? kept : undefined);
    if (meant === undefined) return controller;
    const row = await this.#records.get(meant, 'cluster');
    if (!row || row.deletedAt !== undefined || !isInReach(caller, row.labels)) {
      const path = 'controller.cluster';
      throw joinHttpError(
        'CONTROLLER_CLUSTER_UNKNOWN',
        {},
        { fields: [{ path, code: 'unknown', message: notThere }] },
      );
    }
    return controller.cluster === undefined ? controller : { ...controller, cluster: row.id };
  }
}

const notThere = { en: 'controller.cluster names no cluster', zh: 'controller.cluster 不对应任何集群' };
