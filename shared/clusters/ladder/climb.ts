import { iso } from '#time';
import * as asking from './asking.ts';
import { usualBudgets } from './budgets.ts';
import { credentialOf } from './credentialOf.ts';
import { type Judged, type Told, tried } from './judged.ts';
import type { Climbed, LadderInput, LadderPorts } from './ladder.ts';
import * as reaching from './reaching.ts';
import {
  type Evidence,
  type LadderStep,
  ladderSteps,
  type ValidationStep,
  type ValidationWarning,
} from './validation.ts';
import { type Rung, Way } from './way.ts';

const rungs: Readonly<Record<LadderStep, Rung>> = {
  parse: reaching.parse,
  policy: reaching.policy,
  dns: reaching.dns,
  tcp: reaching.tcp,
  proxy: reaching.proxy,
  tls: reaching.tls,
  http: asking.http,
  health: asking.health,
  who: asking.who,
  may: asking.may,
  what: asking.what,
  version: asking.version,
  load: asking.load,
  clock: asking.clock,
  same: asking.same,
};

/**
 * Tries a cluster from the ground up, and tells of every rung. What is wrong with the cluster is in the answer: it
 * throws for faults of Drover's own alone.
 */
export async function climb(input: LadderInput, ports: LadderPorts, signal?: AbortSignal): Promise<Climbed> {
  const way = new Way(input, ports, { ...usualBudgets, ...ports.budgets }, signal);
  const steps: ValidationStep[] = [];
  const warnings: Told[] = [];
  try {
    for (const step of ladderSteps) {
      const isOver = steps.some(({ outcome }) => outcome === 'failed');
      const climbed = isOver ? skipped(step) : await climbOne(step, way);
      steps.push(climbed.step);
      warnings.push(...climbed.warnings);
    }
  } finally {
    await way.connection?.close();
  }
  return { validation: validationOf(way, steps, warnings), seen: seenOf(way) };
}

interface ClimbedOne {
  readonly step: ValidationStep;
  readonly warnings: readonly Told[];
}

const skipped = (step: LadderStep): ClimbedOne => ({
  step: { step, outcome: 'skipped', code: null, values: {}, ms: 0, evidence: {} },
  warnings: [],
});

async function climbOne(step: LadderStep, way: Way): Promise<ClimbedOne> {
  const startedAt = way.clock.now();
  // A rung that has nothing to judge by met an error that says it all.
  const came = await tried(rungs[step](way));
  const judged: Awaited<ReturnType<Rung>> = 'fault' in came ? { failure: came.fault } : came.value;
  if (!judged) return skipped(step);
  const { failure, warnings = [], evidence = {} } = judged;
  const told = failure ?? warnings[0];
  return {
    step: {
      step,
      outcome: outcomeOf(judged),
      code: told?.code ?? null,
      values: { ...told?.values },
      ms: Math.round(judged.ms ?? way.clock.now() - startedAt),
      evidence: { ...evidence, ...waitOf(told) },
    },
    warnings,
  };
}

function outcomeOf({ failure, warnings = [] }: Judged): 'ok' | 'warning' | 'failed' {
  if (failure) return 'failed';
  return warnings.length > 0 ? 'warning' : 'ok';
}

/** When to come again, and which flow was held back, as the server told it. */
function waitOf(told: Told | undefined): Evidence {
  if (!told) return {};
  const { retryAfterSeconds } = told as { retryAfterSeconds?: number };
  const { flowSchema, priorityLevel } = told.values;
  return {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(typeof flowSchema === 'string' && { flowSchema }),
    ...(typeof priorityLevel === 'string' && { priorityLevel }),
  };
}

function validationOf(way: Way, steps: ValidationStep[], warnings: readonly Told[]): Climbed['validation'] {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  return {
    outcome: failed ? 'failed' : warnings.length > 0 ? 'warning' : 'ok',
    code: failed?.code ?? null,
    failedStep: failed?.step ?? null,
    startedAt: iso(way.startedAt),
    tookMs: way.clock.now() - way.startedAt,
    steps,
    credential: credentialOf(way.input.credential.type, way.local?.evidence?.credential ?? null),
    permissions: [...way.permissions],
    warnings: warnings.map(warningOf),
  };
}

function warningOf({ code, values }: Told): ValidationWarning {
  const { days } = values;
  return { code, values: { ...values }, ...(typeof days === 'number' && { days }) };
}

const seenOf = (way: Way): Climbed['seen'] => ({
  uid: way.uid,
  kubernetesVersion: way.version,
  nodes: way.counts?.nodes ?? null,
  pods: way.counts?.pods ?? null,
  apiGroups: way.groups,
  latencyMs: way.latency,
  clockSkewMs: way.skew,
  expiries: way.expiries,
  identity: way.identity,
  permissions: way.permissions,
});
