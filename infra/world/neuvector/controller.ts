import { type Clock, type Millis, second } from '#time';
import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import { Chance } from '../kubernetes/population/chance.ts';
import { Accounts, type ApiKey, type User } from './accounts.ts';
import { NeuVectorData, type Size } from './data/data.ts';
import { FederationLock } from './federation/lock.ts';
import { keepPolling, poll } from './federation/membership.ts';
import { keepPinging, pingAll } from './federation/pings.ts';
import { type Reach, Remote } from './federation/remote.ts';
import { type FederationState, standalone } from './federation/state.ts';
import { respond } from './respond.ts';
import type { ListenerName } from './route.ts';
import { defaultSettings, longestCleanup, type Settings } from './settings.ts';

export interface ControllerOptions {
  readonly name: string;
  readonly seed: string;
  readonly clock: Clock;
  readonly users: User[];
  readonly keys?: ApiKey[];
  readonly state?: FederationState | undefined;
  readonly settings?: Partial<Settings>;
  readonly size?: Partial<Size>;
  readonly reach?: Reach;
  /** Called with all that survives a restart, after each change of it. */
  readonly keep?: (state: FederationState) => void;
  readonly report?: (error: unknown) => void;
}

const betweenPings = 8 * second;

/** A simulated NeuVector controller: all of it but its ports. */
export class Controller implements AsyncDisposable {
  readonly name: string;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly settings: Settings;
  readonly data: NeuVectorData;
  readonly remote: Remote;
  readonly lock: FederationLock;
  readonly k8sUid: string;
  /** Opens or closes the federation listener. */
  roleChanged: () => Promise<void> = async () => {};
  #state: FederationState;
  readonly #keep: (state: FederationState) => void;
  readonly #report: (error: unknown) => void;
  readonly #busy = new Set<Promise<void>>();
  #rounds = new AbortController();
  #joins = 0;
  #nextPing = 0;

  constructor(given: ControllerOptions) {
    const { name, seed, clock } = given;
    this.name = name;
    this.clock = clock;
    this.settings = { ...defaultSettings, ...given.settings };
    this.accounts = new Accounts({
      users: given.users,
      keys: given.keys ?? [],
      clock,
      settings: this.settings,
    });
    this.data = new NeuVectorData(`${seed}/${name}`, given.size);
    this.remote = new Remote(clock, given.reach);
    this.lock = new FederationLock(clock);
    this.k8sUid = new Chance(seed, name, 'kube-system').uid();
    this.#state = given.state ?? standalone();
    this.#keep = given.keep ?? (() => {});
    this.#report = given.report ?? ((error) => console.error(error));
    this.#startRounds();
  }

  get state(): FederationState {
    return this.#state;
  }

  answer(listener: ListenerName, request: ApiRequest): Promise<ApiAnswer> {
    return respond(this, listener, request);
  }

  change(to: Partial<FederationState>): void {
    this.#state = { ...this.#state, ...to };
    this.#keep(this.#state);
  }

  async become(to: Partial<FederationState>): Promise<void> {
    const { cleanupSince: _, ...kept } = this.#state;
    this.#state = kept;
    this.change(to);
    this.#startRounds();
    await this.roleChanged();
  }

  /** What the federation left is cleaned up for a while; the address under which it was reached stays. */
  async becomeStandalone(): Promise<void> {
    const { primary: _, own: __, ...kept } = this.#state;
    this.#state = kept;
    await this.become({ role: '', members: [], revision: 0 });
    this.change({ cleanupSince: this.clock.now() });
  }

  get isCleaningUp(): boolean {
    const { cleanupSince: since, role } = this.#state;
    const wait = Math.min(this.settings.cleanupMillis, longestCleanup);
    return role === '' && since !== undefined && this.clock.now() < since + wait;
  }

  /** Rules of the federation have changed: all members are out of sync until they have asked for them. */
  changeRules(): void {
    const { members, revision } = this.#state;
    const behind = members.map((member) => ({ ...member, status: 'out_of_sync' as const }));
    this.change({ revision: revision + 1, members: behind });
  }

  /** Of several controllers behind one address the first alone knows it, and they take turns. */
  isFixedToken(given: string): boolean {
    const isLeader = this.#joins++ % this.settings.replicas === 0;
    return isLeader && given !== '' && given === this.settings.fixedJoinToken;
  }

  #startRounds(): void {
    this.#rounds.abort();
    this.#rounds = new AbortController();
    const { signal } = this.#rounds;
    if (this.#state.role === 'master') void keepPinging(this, signal);
    if (this.#state.role === 'joint') void keepPolling(this, signal);
  }

  pollSoon(): void {
    const { signal } = this.#rounds;
    void this.busy(() => poll(this, signal));
  }

  /** As whoever looks at a primary's members makes it do, but not more often than every eight seconds. */
  pingSoon(): void {
    const now = this.clock.now();
    if (this.#state.role !== 'master' || now < this.#nextPing) return;
    this.#nextPing = now + betweenPings;
    void this.busy(() => pingAll(this));
  }

  /** Not before the round it belongs to is over, else not at all. */
  later(wait: Millis, until: AbortSignal, task: () => Promise<void>): void {
    void this.clock.sleep(wait, until).then(() => (until.aborted ? undefined : this.busy(task)));
  }

  async busy(task: () => Promise<void>): Promise<void> {
    const running = task().catch(this.#report);
    this.#busy.add(running);
    await running;
    this.#busy.delete(running);
  }

  /** Resolves when it does nothing by itself: what it waits for comes with the clock. */
  async settled(): Promise<void> {
    do {
      await new Promise(setImmediate);
      await Promise.all(this.#busy);
    } while (this.#busy.size > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rounds.abort();
    this.remote.close();
    await this.settled();
  }
}
