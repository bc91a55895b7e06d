import { z } from 'zod';
import type { SyncKind } from './kinds.ts';

/** What an inventory tells of each kind. `createdAt` is as exact as the cluster's table: to the day, for what is old. */
const instant = z.number();
const base = { name: z.string(), createdAt: instant.nullable() };
const inNamespace = { namespace: z.string(), ...base };

export const items = {
  namespaces: z.object({ ...base, phase: z.string(), labels: z.record(z.string(), z.string()) }),
  nodes: z.object({
    ...base,
    ready: z.boolean(),
    schedulable: z.boolean(),
    roles: z.array(z.string()),
    kubeletVersion: z.string(),
    os: z.string(),
    architecture: z.string(),
    address: z.string().nullable(),
    cpuMillis: z.number(),
    memoryBytes: z.number(),
    pods: z.number(),
  }),
  deployments: z.object({
    ...inNamespace,
    ready: z.int(),
    wanted: z.int(),
    upToDate: z.int(),
    available: z.int(),
    images: z.array(z.string()),
  }),
  statefulsets: z.object({ ...inNamespace, ready: z.int(), wanted: z.int(), images: z.array(z.string()) }),
  daemonsets: z.object({
    ...inNamespace,
    ready: z.int(),
    wanted: z.int(),
    upToDate: z.int(),
    available: z.int(),
    images: z.array(z.string()),
  }),
  services: z.object({
    ...inNamespace,
    type: z.string(),
    clusterIp: z.string().nullable(),
    externalIp: z.string().nullable(),
    ports: z.string().nullable(),
  }),
  pods: z.object({
    ...inNamespace,
    status: z.string(),
    ready: z.int(),
    containers: z.int(),
    restarts: z.int(),
    node: z.string().nullable(),
    ip: z.string().nullable(),
  }),
  configmaps: z.object({ ...inNamespace, keys: z.int() }),
  quotas: z.object({
    ...inNamespace,
    hard: z.record(z.string(), z.string()),
    used: z.record(z.string(), z.string()),
  }),
  events: z.object({
    ...inNamespace,
    reason: z.string(),
    message: z.string(),
    object: z.object({ kind: z.string(), namespace: z.string().nullable(), name: z.string() }),
    count: z.int(),
    lastAt: instant,
  }),
  secrets: z.object({ ...inNamespace, type: z.string() }),
} as const satisfies Record<SyncKind, z.ZodType>;

export type ItemOf<K extends SyncKind> = z.infer<(typeof items)[K]>;
export type Item = ItemOf<SyncKind>;

/** An item behind what it is ordered by: `NAMESPACE/NAME`, as the API server orders its lists; of events, the newest first. */
export type Placed = [place: string, item: Item];
