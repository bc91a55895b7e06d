import type { Identity, KubeConnection } from '#kubernetes';
import type { Target, TlsProbe } from '#net';
import type { Clock, Instant, Millis } from '#time';
import type { Checked } from '../credential/checked.ts';
import type { LocalEvidence } from '../credential/checkLocally.ts';
import type { Expiry } from '../credential/expiry.ts';
import type { Budgets } from './budgets.ts';
import type { ClockSample } from './judgeClock.ts';
import type { Judged, Told, Tried } from './judged.ts';
import type { LadderInput, LadderPorts } from './ladder.ts';
import type { JudgedPermission } from './validation.ts';

/** One climb: what is tried, and what each rung leaves for those above it. */
export class Way {
  readonly input: LadderInput;
  readonly ports: LadderPorts;
  readonly budgets: Budgets;
  readonly signal: AbortSignal | undefined;
  readonly startedAt: Instant;

  local: Checked<LocalEvidence> | undefined;
  /** What a refusal of the credential means. */
  suspected: Told | undefined;
  /** Of the look-up, which the vetting of what it found cannot be told from by time. */
  vetted: { readonly target: Tried<Target>; readonly ms: Millis } | undefined;
  probe: Tried<TlsProbe> | undefined;
  connection: KubeConnection | undefined;
  readonly took: Millis[] = [];
  readonly clocks: ClockSample[] = [];
  version: string | null = null;
  identity: Identity | null = null;
  permissions: readonly JudgedPermission[] = [];
  groups: readonly string[] | null = null;
  counts: { readonly nodes: number | null; readonly pods: number | null } | undefined;
  latency: Millis | null = null;
  skew: Millis | null = null;
  uid: string | null = null;
  expiries: Expiry[] = [];

  constructor(input: LadderInput, ports: LadderPorts, budgets: Budgets, signal: AbortSignal | undefined) {
    this.input = input;
    this.ports = ports;
    this.budgets = budgets;
    this.signal = signal;
    this.startedAt = ports.clock.now();
  }

  get clock(): Clock {
    return this.ports.clock;
  }

  /** Set from the second rung on. */
  get target(): Target {
    const { target } = this.vetted!;
    if ('fault' in target) throw target.fault;
    return target.value;
  }

  get place(): { host: string; port: number } {
    const { host, port } = this.target;
    return { host, port };
  }

  /** What a rung may take of what is left for all. */
  within(budget: Millis): { timeout: Millis; signal?: AbortSignal } {
    const left = this.startedAt + this.budgets.whole - this.clock.now();
    return { timeout: Math.max(1, Math.min(budget, left)), ...(this.signal && { signal: this.signal }) };
  }
}

/** Undefined where there is nothing to climb: it is skipped. */
export type Rung = (way: Way) => Promise<(Judged & { readonly ms?: Millis }) | undefined>;
