import type { ClustersData } from '#clusters';
import type { JoinCall, MembershipData, Prepared } from '#join';
import { createNet } from '#net';
import type { Records } from '#reconcile';
import type { Clock } from '#time';
import { prepare } from '../../../../shared/join/access/prepare/prepare.ts';
import type { Sealed } from '../../../../shared/join/model.ts';

type PrepareCall = Extract<JoinCall, { do: 'prepare' }>;

/** The real reading of what is given, onto what is stored; sealed by being kept here. */
export class Preparing {
  readonly #sealed = new Map<string, Sealed>();
  readonly #records: () => Records<MembershipData>;
  readonly #clusters: () => Records<ClustersData>;
  readonly #clock: () => Clock;

  constructor(
    records: () => Records<MembershipData>,
    clusters: () => Records<ClustersData>,
    clock: () => Clock,
  ) {
    this.#records = records;
    this.#clusters = clusters;
    this.#clock = clock;
  }

  /** What a worker would open of it now. */
  async opened(name: string): Promise<Sealed | undefined> {
    const row = await this.#records().get(name, 'join');
    return row && this.#sealed.get(`${row.id}.${row.data.secretVersion}`);
  }

  prepare(call: PrepareCall): Promise<Prepared> {
    const clock = this.#clock();
    return prepare(
      {
        secrets: {
          seal: async (id: string, version: number, sealed: Sealed) => {
            this.#sealed.set(`${id}.${version}`, sealed);
            return { sealed: `v1.${id}.${version}` };
          },
          open: async ({ id, data }: { id: string; data: { secretVersion: number } }) =>
            this.#sealed.get(`${id}.${data.secretVersion}`)!,
        } as unknown as Parameters<typeof prepare>[0]['secrets'],
        records: this.#records(),
        clusters: { find: (named) => this.#clusters().get(named, 'cluster') },
        net: createNet({ clock, clusterTargets: [], webhookTargets: [] }),
        clock,
      },
      call,
    );
  }
}
