import { gzipSync } from 'node:zlib';
import { clustersArea } from '#clusters';
import {
  type JoinCall,
  joinArea,
  type MembershipData,
  type Preflight,
  type Prepared,
  type Scraped,
  stages,
} from '#join';
import { createEngine, type Json, type Records } from '#reconcile';
import type { AppPorts, HttpSettings } from '../../../../functions/http/appPorts.ts';
import { areaRoutes } from '../../../../functions/http/areaRoutes.ts';
import { anApp, start, type TestApp } from '../anApp.ts';
import { aBody as aClusterBody, accessIn, ClusterWorker } from '../clusters/aHerd.ts';
import { type Beside, Preparing } from './preparing.ts';

/** A worker that reads what it is given as the real one does, and dials nobody. */
export class JoinWorker {
  /** What it was asked, in order. */
  readonly asked: JoinCall[] = [];
  /** The stage at which a preflight ends, and why. */
  fault: { stage: Preflight['stages'][number]['stage']; code: string } | undefined;
  metrics = '# TYPE nv_summary_services gauge\nnv_summary_services{target="a"} 3\n';
  /** What happens elsewhere while it is at work. */
  meanwhile: ((call: JoinCall) => Promise<void>) | undefined;
  readonly #preparing: Preparing;

  constructor(beside: () => Beside) {
    this.#preparing = new Preparing(beside);
  }

  /** What a worker would open of it now. */
  opened = (name: string) => this.#preparing.opened(name);

  async answer(request: { [name: string]: Json }): Promise<Json> {
    const call = request as unknown as JoinCall;
    this.asked.push(structuredClone(call));
    await this.meanwhile?.(call);
    return (await this.#answer(call)) as unknown as Json;
  }

  async #answer(call: JoinCall): Promise<Prepared | Preflight | Scraped> {
    switch (call.do) {
      case 'prepare':
        return this.#preparing.prepare(call);
      case 'preflight':
        return aPreflight(this.fault);
      case 'scrape':
        return {
          gzip: gzipSync(this.metrics).toString('base64'),
          contentType: 'text/plain; version=0.0.4; charset=utf-8',
        };
      default:
        throw new Error('The worker does not know this call.');
    }
  }
}

/** The API with its memberships, and a cluster or two beside them. */
export interface Federation {
  at: TestApp;
  worker: JoinWorker;
  records: Records<MembershipData>;
  operator: string;
  viewer: string;
  create(name: string, more?: object): ReturnType<TestApp['call']>;
  cluster(name: string, labels?: object): Promise<string>;
  /** As steps would leave it. */
  become(name: string, change: Partial<MembershipData>): Promise<void>;
}

export const secrets = {
  password: 'canary-password-5b1f0c9e7d',
  keySecret: 'canary-key-secret-44a2e0139f',
  ticket: 'canary-ticket-77c05edd0836',
  primaryPassword: 'canary-primary-password-e49ab152',
};

export const aToken = (ticket: string | undefined = secrets.ticket): string =>
  Buffer.from(JSON.stringify({ s: '10.10.0.1', p: 11443, ...(ticket !== '' && { t: ticket }) })).toString(
    'base64',
  );

export async function aFederation(
  given: { ports?: Partial<AppPorts>; settings?: Partial<HttpSettings> } = {},
): Promise<Federation> {
  const worker = new JoinWorker(() => ({ ports: at.ports, records, clusters }));
  const clusterWorker = new ClusterWorker(accessIn(() => clusters));
  const at = anApp({
    answer: (area, request) => (area === 'join' ? worker.answer(request) : clusterWorker.answer(request)),
    areas: () => [...areaRoutes],
    ...given,
  });
  const { records } = createEngine(joinArea, at.ports);
  const { records: clusters } = createEngine(clustersArea, at.ports);
  const operator = await at.token('operator');
  return {
    at,
    worker,
    records,
    operator,
    viewer: await at.token('viewer'),
    create: (name, more = {}) => at.call(operator, 'POST', '/api/v1/joins', { ...aBody(name), ...more }),
    async cluster(name, labels = {}) {
      const body = { ...aClusterBody(name), labels };
      return (await at.call(operator, 'POST', '/api/v1/clusters', body)).body.id;
    },
    async become(name, change) {
      await records.change(name, 'join', ({ data }) => ({ data: { ...data, ...change } }), byAStep);
      // Lists of other engines show it when theirs are read anew.
      at.pass(10_000);
    },
  };
}

const byAStep = { actor: { kind: 'system', id: 'step', name: 'step' }, action: 'test' } as const;

export const aBody = (name: string) => ({
  name,
  storeId: 'u2204a',
  controller: {
    address: `${name}.example:10443`,
    credential: { type: 'password', username: 'joiner', password: secrets.password },
  },
  token: aToken(),
});

/** One that came through, or ended at one stage. */
export function aPreflight(fault: JoinWorker['fault']): Preflight {
  const harmless = stages.slice(0, stages.indexOf('join'));
  const end = fault ? harmless.indexOf(fault.stage as (typeof harmless)[number]) : harmless.length;
  return {
    outcome: fault ? 'failed' : 'ok',
    code: fault?.code ?? null,
    failedStage: fault?.stage ?? null,
    startedAt: start,
    tookMs: 120,
    stages: harmless.slice(0, end + 1).map((stage, index) => ({
      stage,
      is: index === end ? 'failed' : 'done',
      cause: index === end ? { code: fault!.code, values: {} } : null,
      answer: index === end ? { status: 401, code: 3, message: 'Authentication failed' } : null,
    })),
  };
}
