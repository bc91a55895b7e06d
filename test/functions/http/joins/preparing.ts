import type { ClustersData } from '#clusters';
import type { JoinCall, MembershipData, Prepared } from '#join';
import { createNet } from '#net';
import type { Records } from '#reconcile';
import { prepare } from '../../../../shared/join/access/prepare/prepare.ts';
import { createMembershipSecrets, type MembershipSecrets } from '../../../../shared/join/access/sealed.ts';
import type { Sealed } from '../../../../shared/join/model.ts';
import { aVault } from '../../../shared/clusters/secret/aVault.ts';
import type { TestApp } from '../anApp.ts';

/** What lies beside the worker: made after it, since it is part of the app that they belong to. */
export interface Beside {
  ports: TestApp['ports'];
  records: Records<MembershipData>;
  clusters: Records<ClustersData>;
}

/** As the real worker reads, keeps and seals what it is given. */
export class Preparing {
  readonly #beside: () => Beside;
  #secrets: MembershipSecrets | undefined;

  constructor(beside: () => Beside) {
    this.#beside = beside;
  }

  /** What a worker would open of it now. */
  async opened(name: string): Promise<Sealed | undefined> {
    const row = await this.#beside().records.get(name, 'join');
    return row && this.#theSecrets().open(row, { visit: 'scrape', within: row });
  }

  prepare(call: Extract<JoinCall, { do: 'prepare' }>): Promise<Prepared> {
    const { ports, records, clusters } = this.#beside();
    const { clock } = ports;
    return prepare(
      {
        secrets: this.#theSecrets(),
        records,
        clusters: { find: (named) => clusters.get(named, 'cluster') },
        net: createNet({ clock, clusterTargets: [], webhookTargets: [] }),
        clock,
      },
      call,
    );
  }

  #theSecrets(): MembershipSecrets {
    const { ports } = this.#beside();
    this.#secrets ??= createMembershipSecrets({ ...ports, vault: aVault(ports.table, ports.clock) });
    return this.#secrets;
  }
}
