import { type App, agents, app } from './catalogue.ts';
import { Chance } from './chance.ts';

export interface PopulationOptions {
  /** The same seed gives the same objects. */
  seed: string;
  nodes: number;
  podsPerNode: number;
  /** Now, in milliseconds: everything began before. */
  at: number;
}

export type PodState =
  | 'running'
  | 'unschedulable'
  | 'creating'
  | 'crashing'
  | 'pullFailing'
  | 'evicted'
  | 'succeeded';

export interface PlannedApp extends App {
  replicas: number;
  /** Of the first pod among all pods of apps. */
  first: number;
}

/** Who runs how much where, before any object is made. */
export interface Plan extends PopulationOptions {
  apps: readonly PlannedApp[];
}

/** Apps differ in size: a few have hundreds of pods, most a handful. */
export function planOf(options: PopulationOptions): Plan {
  const { seed, nodes, podsPerNode } = options;
  const total = nodes * Math.max(0, podsPerNode - agents.length);
  const apps: PlannedApp[] = [];
  for (let first = 0; first < total; ) {
    const index = apps.length;
    const chance = new Chance(seed, 'size', index);
    const own = app(seed, index);
    const wanted = own.isJob
      ? 1 + chance.below(10)
      : Math.ceil((2 * Math.max(1, Math.sqrt(nodes) / 4)) / (0.04 + chance.share()));
    const replicas = Math.min(wanted, total - first);
    apps.push({ ...own, replicas, first });
    first += replicas;
  }
  return { ...options, apps };
}

/** Pods lie side by side, so that nodes are equally full. */
export const nodeOf = ({ nodes }: Plan, { first }: PlannedApp, replica: number): number =>
  (first + replica) % nodes;

export function stateOf({ seed }: Plan, { index, isJob }: App, replica: number): PodState {
  const draw = new Chance(seed, 'state', index, replica).share();
  if (isJob) return draw < 0.9 ? 'succeeded' : 'running';
  if (draw < 0.008) return 'unschedulable';
  if (draw < 0.01) return 'creating';
  if (draw < 0.02) return 'crashing';
  if (draw < 0.025) return 'pullFailing';
  return draw < 0.028 ? 'evicted' : 'running';
}

/** Of a few nodes something is up: by their place, so that small clusters have some, too. */
export const isControlPlane = ({ nodes }: Plan, index: number): boolean => index < (nodes < 10 ? 1 : 3);
export const isCordoned = (index: number): boolean => index % 97 === 13;
export const isNotReady = (index: number): boolean => index % 193 === 41;
export const isDedicated = (index: number): boolean => index % 50 === 7;

export const nodeName = (index: number): string => `node-${String(index + 1).padStart(4, '0')}`;

export const nodeIp = (index: number): string =>
  `10.${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;

const day = 86_400_000;

/** Up to `days` before now, to the second. */
export const before = ({ at }: PopulationOptions, chance: Chance, days: number): number =>
  Math.floor((at - 60_000 - chance.share() * days * day) / 1000) * 1000;

export const iso = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;
