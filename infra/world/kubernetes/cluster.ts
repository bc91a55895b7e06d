import type { Clock } from '#time';
import type { ApiAnswer, ApiRequest } from './api.ts';
import type { Credentials } from './auth/index.ts';
import { bootstrap } from './bootstrap.ts';
import { startControllers } from './controllers/controllers.ts';
import { handle } from './http/handle.ts';
import { kindsData } from './kinds/data.ts';
import type { Kinds } from './kinds/kinds.ts';
import type { StoredObject } from './objects.ts';
import { type Named, StatusError } from './status.ts';
import { Objects } from './store/objects.ts';
import type { Random } from './verbs/names.ts';
import type { End } from './verbs/proxy.ts';

export interface ClusterOptions {
  name: string;
  clock: Clock;
  random: Random;
  kinds: Kinds;
  credentials: Credentials;
  /** `host:port` that clients are told. */
  address: string;
  /** What there is besides what every fresh cluster holds. */
  population?: Iterable<{ resource: Named; objects: Iterable<StoredObject> }>;
  /** Carries on what `services/…/proxy` and `pods/…/proxy` lead to. */
  forward?: (request: ApiRequest, end: End, rest: readonly string[]) => Promise<ApiAnswer>;
  /** Told of what should never happen. */
  report?: (error: unknown, request?: ApiRequest) => void;
}

/** As long as etcd keeps what was replaced. */
const keptFor = 300_000;

/** One API server with what it stores, without a socket. */
export class SimulatedCluster {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly kinds: Kinds;
  readonly credentials: Credentials;
  readonly address: string;
  /** Every simulated cluster says that it is one. */
  readonly version: Readonly<Record<string, string>>;
  readonly objects = new Objects();
  readonly report: (error: unknown, request?: ApiRequest) => void;
  readonly #forward: ClusterOptions['forward'];
  readonly #garbage;
  readonly #dropped = new Set<() => void>();
  #work: (() => void)[] = [];
  #working: Promise<void> | undefined;
  /** The revision at the last compaction but one is what the next one forgets. */
  #oldest = 0;

  constructor({
    name,
    clock,
    random,
    kinds,
    credentials,
    address,
    population,
    forward,
    report,
  }: ClusterOptions) {
    this.name = name;
    this.clock = clock;
    this.random = random;
    this.kinds = kinds;
    this.credentials = credentials;
    this.address = address;
    const { version } = kindsData();
    this.version = { ...version, gitVersion: `${version.gitVersion}+simulated` };
    this.#forward = forward;
    this.report = report ?? (() => {});
    this.#garbage = startControllers(this);
    for (const { resource, objects } of population ?? []) this.load(resource, objects);
    // Last, because it gives every namespace what each has by itself.
    bootstrap(this);
  }

  answer(request: ApiRequest): Promise<ApiAnswer> {
    return handle(this, request);
  }

  /** Objects that were there before anybody looked. */
  load(resource: Named, objects: Iterable<StoredObject>): void {
    const garbage = this.#garbage;
    this.objects.load(
      resource,
      (function* () {
        for (const object of objects) {
          garbage.learn(resource, object);
          yield object;
        }
      })(),
    );
  }

  /** Controllers work after the request that gave them work was answered, one thing after another. */
  soon(work: () => void): void {
    this.#work.push(work);
    this.#working ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#work.length > 0) {
      await new Promise(setImmediate);
      const work = this.#work;
      this.#work = [];
      for (const one of work) {
        try {
          one();
        } catch (error) {
          this.report(error);
        }
      }
    }
    this.#working = undefined;
  }

  /** Resolves when the controllers have nothing left to do. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Forgets history, as etcd does every five minutes: older lists cannot be continued, older watches not resumed. */
  compact(revision = this.objects.revision): void {
    this.objects.compact(revision);
  }

  /** Compacts by the clock until the signal ends. */
  async keepCompacting(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.clock.sleep(keptFor, until);
      this.compact(this.#oldest);
      this.#oldest = this.objects.revision;
    }
  }

  /** Ends all watches, as a server that restarts does. */
  dropWatches(): void {
    for (const drop of [...this.#dropped]) drop();
  }

  onDrop(drop: () => void): () => void {
    this.#dropped.add(drop);
    return () => this.#dropped.delete(drop);
  }

  forward(request: ApiRequest, end: End, rest: readonly string[]): Promise<ApiAnswer> {
    if (this.#forward) return this.#forward(request, end, rest);
    const why = `dial tcp ${end.host}:${end.port}: connect: no route to host`;
    throw new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${why}`);
  }
}
