import { minute, second } from '#time';

/** How a controller is set up, and what is the matter in it; changed while it runs, it counts from then on. */
export interface Settings {
  version: string;
  /** Of controllers behind one address, of which one alone knows the fixed join token. */
  replicas: number;
  /** A UUID that counts as a join ticket, and never ends. */
  fixedJoinToken?: string;
  /** A cluster that joins again under its name, and is the same by its `kube-system`, takes its old place. */
  allowsSameUidRejoin: boolean;
  /** Groups and registries with the prefix of federal ones, which keep a cluster from any federation. */
  leftovers: readonly string[];
  isUpgrading: boolean;
  /** How long it takes to clean up what a former federation left; it counts as done after five minutes. */
  cleanupMillis: number;
  /** A primary that takes POST /v1/fed/join itself, as earlier exporters were written for. No real one does. */
  acceptsDirectJoin: boolean;
}

/** Of its REST listener, where it has an address of its own. */
export const controllerPort = 10_443;
export const longestCleanup = 5 * minute;

export const defaultSettings: Settings = {
  version: '5.6.0',
  replicas: 1,
  allowsSameUidRejoin: false,
  leftovers: [],
  isUpgrading: false,
  cleanupMillis: 5 * second,
  acceptsDirectJoin: false,
};
