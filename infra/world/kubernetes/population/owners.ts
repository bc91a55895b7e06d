import type { StoredObject } from '../objects.ts';
import { type Agent, agents, namespaces as allNamespaces } from './catalogue.ts';
import { Chance } from './chance.ts';
import { before, isNotReady, iso, nodeOf, type Plan, type PlannedApp, stateOf } from './plan.ts';

const uid = ({ seed }: Plan, ...words: (string | number)[]): string =>
  new Chance(seed, 'uid', ...words).uid();

export const daemonSetUid = (plan: Plan, { name }: Agent): string => uid(plan, 'daemonset', name);
export const replicaSetUid = (plan: Plan, { index }: PlannedApp): string => uid(plan, 'replicaset', index);
export const jobUid = (plan: Plan, { index }: PlannedApp): string => uid(plan, 'job', index);
const deploymentUid = (plan: Plan, { index }: PlannedApp): string => uid(plan, 'deployment', index);

export const replicaSetName = ({ seed }: Plan, { name, index }: PlannedApp): string =>
  `${name}-${new Chance(seed, 'template', index).suffix(10)}`;

export function* namespaces(plan: Plan): Generator<StoredObject> {
  for (const name of allNamespaces()) {
    yield {
      metadata: {
        name,
        uid: uid(plan, 'namespace', name),
        creationTimestamp: bornAt(plan, 'namespace', name),
        labels: { 'kubernetes.io/metadata.name': name },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
  }
}

export function* daemonSets(plan: Plan): Generator<StoredObject> {
  const lost = Array.from({ length: plan.nodes }, (_, index) => index).filter(isNotReady).length;
  for (const agent of agents) {
    const { name, namespace, image } = agent;
    const count = plan.nodes;
    yield {
      ...frame(plan, name, namespace, daemonSetUid(plan, agent)),
      spec: {
        selector: { matchLabels: label(name) },
        template: template(name, image.name, 'Always'),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        revisionHistoryLimit: 10,
      },
      status: {
        currentNumberScheduled: count,
        numberMisscheduled: 0,
        desiredNumberScheduled: count,
        numberReady: count - lost,
        observedGeneration: 1,
        updatedNumberScheduled: count,
        numberAvailable: count - lost,
        ...(lost > 0 ? { numberUnavailable: lost } : {}),
      },
    };
  }
}

export function* deployments(plan: Plan): Generator<StoredObject> {
  for (const app of plan.apps) {
    if (app.isJob) continue;
    const { name, namespace, image, replicas } = app;
    const ready = readyPods(plan, app);
    const isEnough = ready >= Math.floor(replicas * 0.75);
    const object = frame(plan, name, namespace, deploymentUid(plan, app));
    const condition = (type: string, isTrue: boolean, reason: string, message: string) => ({
      type,
      status: isTrue ? 'True' : 'False',
      lastUpdateTime: object.metadata.creationTimestamp,
      lastTransitionTime: object.metadata.creationTimestamp,
      reason,
      message,
    });
    yield {
      ...object,
      spec: {
        replicas,
        selector: { matchLabels: label(name) },
        template: template(name, image.name, 'Always'),
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      status: {
        observedGeneration: 1,
        replicas,
        updatedReplicas: replicas,
        ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
        ...(ready < replicas ? { unavailableReplicas: replicas - ready } : {}),
        conditions: [
          condition(
            'Progressing',
            true,
            'NewReplicaSetAvailable',
            `ReplicaSet "${replicaSetName(plan, app)}" has successfully progressed.`,
          ),
          isEnough
            ? condition('Available', true, 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
            : condition(
                'Available',
                false,
                'MinimumReplicasUnavailable',
                'Deployment does not have minimum availability.',
              ),
        ],
      },
    };
  }
}

export function* replicaSets(plan: Plan): Generator<StoredObject> {
  for (const app of plan.apps) {
    if (app.isJob) continue;
    const { name, namespace, image, replicas } = app;
    const set = replicaSetName(plan, app);
    const labels = { ...label(name), 'pod-template-hash': set.slice(name.length + 1) };
    const ready = readyPods(plan, app);
    const { metadata } = frame(plan, set, namespace, replicaSetUid(plan, app));
    yield {
      metadata: {
        ...metadata,
        labels,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name,
            uid: deploymentUid(plan, app),
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { replicas, selector: { matchLabels: labels }, template: template(name, image.name, 'Always') },
      status: {
        replicas,
        fullyLabeledReplicas: replicas,
        ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
        observedGeneration: 1,
      },
    };
  }
}

export function* jobs(plan: Plan): Generator<StoredObject> {
  for (const app of plan.apps) {
    if (!app.isJob) continue;
    const { name, namespace, image, replicas } = app;
    const active = count(plan, app, (state) => state === 'running');
    yield {
      ...frame(plan, name, namespace, jobUid(plan, app)),
      spec: {
        parallelism: replicas,
        completions: replicas,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        manualSelector: false,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': jobUid(plan, app) } },
        template: template(name, image.name, 'Never'),
      },
      status: {
        startTime: bornAt(plan, name),
        ...(active > 0 ? { active } : {}),
        succeeded: replicas - active,
        ready: active,
        terminating: 0,
        uncountedTerminatedPods: {},
      },
    };
  }
}

const readyPods = (plan: Plan, app: PlannedApp): number =>
  count(plan, app, (state, replica) => state === 'running' && !isNotReady(nodeOf(plan, app, replica)));

function count(
  plan: Plan,
  app: PlannedApp,
  is: (state: ReturnType<typeof stateOf>, replica: number) => boolean,
): number {
  let found = 0;
  for (let replica = 0; replica < app.replicas; replica++)
    if (is(stateOf(plan, app, replica), replica)) found++;
  return found;
}

const bornAt = (plan: Plan, ...words: string[]): string =>
  iso(before(plan, new Chance(plan.seed, ...words), 300) - 91 * 86_400_000);

const label = (name: string) => ({ 'app.kubernetes.io/name': name });

const frame = (plan: Plan, name: string, namespace: string, id: string): StoredObject => ({
  metadata: {
    name,
    namespace,
    uid: id,
    generation: 1,
    creationTimestamp: bornAt(plan, name),
    labels: label(name),
  },
});

const template = (name: string, image: string, restartPolicy: string) => ({
  metadata: { labels: label(name) },
  spec: {
    containers: [
      {
        name: 'app',
        image,
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  },
});
