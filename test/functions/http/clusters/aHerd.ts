import {
  type ClusterAccess,
  type ClusterCall,
  type ClusterData,
  type ClustersData,
  clustersArea,
  type LiveNamespace,
  type Prepared,
  type Validation,
} from '#clusters';
import { createEngine, type Json, type Records, type Row } from '#reconcile';
import type { AppPorts } from '../../../../functions/http/appPorts.ts';
import { areaRoutes } from '../../../../functions/http/areaRoutes.ts';
import { type LadderStep, ladderSteps } from '../../../../shared/clusters/ladder/validation.ts';
import { namespaceError } from '../../../../shared/clusters/namespaces/errors.ts';
import { accessView } from '../../../../shared/clusters/prepare/accessView.ts';
import { readConnection } from '../../../../shared/clusters/prepare/connection.ts';
import { withKept } from '../../../../shared/clusters/prepare/kept.ts';
import { anApp, start, type TestApp } from '../anApp.ts';

export type Fault = { step: LadderStep; code: string; values?: Record<string, string> };

type NamespaceWrite = Extract<ClusterCall, { do: 'createNamespace' | 'patchNamespace' }>;

/** A worker that reads what it is given as the real one does, and dials nobody. */
export class ClusterWorker {
  /** What it was asked, in order. */
  readonly asked: ClusterCall[] = [];
  /** What a climb comes to, by the server's address. */
  readonly faults = new Map<string, Fault>();
  /** Who answers there, where it is not told by the address. */
  readonly uids = new Map<string, string>();
  readonly permissions: Validation['permissions'] = [];
  /** Others that are the same cluster, by name. */
  twins: string[] = [];
  /** By their cluster's id. */
  readonly namespaces = new Map<string, LiveNamespace>();
  /** What happens elsewhere while it is at work. */
  meanwhile: ((call: ClusterCall) => Promise<void>) | undefined;
  readonly #access: (id: string) => Promise<ClusterAccess>;

  constructor(access: (id: string) => Promise<ClusterAccess>) {
    this.#access = access;
  }

  async answer(request: { [name: string]: Json }): Promise<Json> {
    const call = request as unknown as ClusterCall;
    this.asked.push(structuredClone(call));
    await this.meanwhile?.(call);
    return (await this.#answer(call)) as unknown as Json;
  }

  async #answer(call: ClusterCall): Promise<unknown> {
    switch (call.do) {
      case 'validate':
        return this.#climb(readConnection(call.body, { allowInsecure: false }).server);
      case 'check':
        return this.#climb((await this.#access(call.id)).server);
      case 'prepare':
        return this.#prepare(call);
      case 'getNamespace':
        return this.#namespace(call.cluster, call.name);
      case 'createNamespace':
        if (this.namespaces.has(`${call.cluster}/${call.name}`)) {
          throw namespaceError('NAMESPACE_EXISTS', { cluster: call.cluster, name: call.name });
        }
        return this.#write(call);
      case 'patchNamespace':
        this.#namespace(call.cluster, call.name);
        return this.#write(call);
      default:
        throw new Error('The worker does not know this call.');
    }
  }

  #namespace(cluster: string, name: string): LiveNamespace {
    const found = this.namespaces.get(`${cluster}/${name}`);
    if (!found) throw namespaceError('NAMESPACE_NOT_FOUND', { cluster, name });
    return found;
  }

  #write({ cluster, name, ...wish }: NamespaceWrite): LiveNamespace {
    const key = `${cluster}/${name}`;
    const found = this.namespaces.get(key);
    const merged = (of: 'labels' | 'annotations') =>
      Object.fromEntries(
        Object.entries({ ...found?.[of], ...wish[of] }).filter(
          (entry): entry is [string, string] => entry[1] !== null,
        ),
      );
    const written: LiveNamespace = {
      name,
      uid: `uid-of-${key}`,
      phase: 'Active',
      labels: merged('labels'),
      annotations: merged('annotations'),
      createdAt: '2026-03-01T10:00:00Z',
      owners: { labels: {}, annotations: {} },
    };
    this.namespaces.set(key, written);
    return written;
  }

  #climb(server: string): Validation {
    const validation = aValidation(this.faults.get(server), this.permissions);
    if (this.twins.length === 0 || validation.outcome === 'failed') return validation;
    const warning = { code: 'DUPLICATE_CLUSTER', values: { clusters: this.twins.join(', ') } };
    const sameAs = this.twins.map((name) => ({ id: `clu_${name}`, name }));
    const steps = validation.steps.map((step) =>
      step.step === 'same'
        ? { ...step, ...warning, outcome: 'warning' as const, evidence: { uid: 'u', sameAs } }
        : step,
    );
    return { ...validation, outcome: 'warning', steps, warnings: [warning] };
  }

  async #prepare({ id, of, version, body, unchecked }: Extract<ClusterCall, { do: 'prepare' }>) {
    const kept = of === undefined ? undefined : await this.#access(of);
    const opened = async () => ({ credential: { type: 'token' as const, token } });
    const whole = kept ? await withKept(body, kept, opened) : body;
    const connection = readConnection(whole, { allowInsecure: false });
    const { server } = connection;
    const { access, expiries } = accessView(connection, version, start);
    const isRefused = !unchecked && this.faults.has(server);
    return {
      validation: unchecked ? null : (this.#climb(server) as unknown as Json),
      access: isRefused ? null : access,
      secret: isRefused ? null : { sealed: `v1.${id}.${version}` },
      uid: unchecked ? null : (this.uids.get(server) ?? `uid-of-${server}`),
      seen: null,
      expiries,
      warnings: [],
    } satisfies Prepared;
  }
}

/** The API with its clusters. */
export interface Herd {
  at: TestApp;
  worker: ClusterWorker;
  records: Records<ClustersData>;
  operator: string;
  viewer: string;
  create(name: string, more?: object): ReturnType<TestApp['call']>;
  /** As steps would leave it. */
  become(name: string, change: Partial<ClusterData>): Promise<void>;
}

export const token = 'canary-token-5b1f0c9e7d';

export async function aHerd(ports: Partial<AppPorts> = {}): Promise<Herd> {
  const worker = new ClusterWorker(accessIn(() => records));
  const at = anApp({
    answer: (_area, request) => worker.answer(request),
    areas: () => [...areaRoutes],
    ports,
  });
  const { records } = createEngine(clustersArea, at.ports);
  const operator = await at.token('operator');
  return {
    at,
    worker,
    records,
    operator,
    viewer: await at.token('viewer'),
    create: (name, more = {}) => at.call(operator, 'POST', '/api/v1/clusters', { ...aBody(name), ...more }),
    async become(name, change) {
      await records.change(name, 'cluster', (row) => ({ data: { ...clusterOf(row), ...change } }), byAStep);
      // Lists of other engines show it when theirs are read anew.
      at.pass(10_000);
    },
  };
}

/** Of the record of that id, as it is now. */
export const accessIn =
  (records: () => Records<ClustersData>) =>
  async (id: string): Promise<ClusterAccess> => {
    const row = await records().get(id, 'cluster');
    if (!row) throw new Error(`There is no ${id}.`);
    return clusterOf(row).access;
  };

const byAStep = { actor: { kind: 'system', id: 'step', name: 'step' }, action: 'test' } as const;

function clusterOf({ data }: Row<ClustersData>): ClusterData {
  if (data.kind !== 'cluster') throw new Error('No cluster.');
  return data;
}

export const aBody = (name: string) => ({
  name,
  server: `https://${name}.example:6443`,
  credential: { type: 'token', token },
});

/** A climb that came through, or ended at one step. */
export function aValidation(fault?: Fault, permissions: Validation['permissions'] = []): Validation {
  const failedAt = fault ? ladderSteps.indexOf(fault.step) : ladderSteps.length;
  return {
    outcome: fault ? 'failed' : 'ok',
    code: fault?.code ?? null,
    failedStep: fault?.step ?? null,
    startedAt: new Date(start).toISOString(),
    tookMs: 120,
    steps: ladderSteps.map((step, index) => ({
      step,
      outcome: index < failedAt ? 'ok' : index === failedAt ? 'failed' : 'skipped',
      code: index === failedAt ? fault!.code : null,
      values: index === failedAt ? (fault!.values ?? {}) : {},
      ms: 8,
      evidence: step === 'who' ? { by: 'cluster', username: 'arn:aws:sts::1:assumed-role/a' } : {},
    })),
    credential: null,
    permissions: failedAt > ladderSteps.indexOf('may') ? permissions : [],
    warnings: [],
  };
}
