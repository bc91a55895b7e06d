import type { AgeOf } from './age.ts';
import { at, count, type Part, part, parts, text } from './read.ts';

/** What `kubectl get pods` says of a pod; the words for its state follow the server's own printer step by step. */
export function podCells(pod: Part, ageOf: AgeOf): Record<string, unknown> {
  const { metadata, spec, status } = {
    metadata: part(pod.metadata),
    spec: part(pod.spec),
    status: part(pod.status),
  };
  const conditions = parts(status.conditions);
  const isTrue = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');

  const initContainers = parts(spec.initContainers);
  const sidecars = new Set(
    initContainers.filter((one) => one.restartPolicy === 'Always').map(({ name }) => name),
  );
  const start = initialization(status, sidecars, initContainers.length);
  let { ready } = start;
  let reason = text(status.reason) || text(status.phase);
  if (conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated')) {
    reason = 'SchedulingGated';
  }
  reason = start.reason ?? reason;
  let restarts = start.all;
  if (start.reason === undefined || isTrue('Initialized')) {
    const main = execution(status, reason, isTrue('Ready'));
    ({ reason } = main);
    ready += main.ready;
    restarts = sum(start.sidecars, main.restarts);
  }
  if (metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating';
  }

  const gates = parts(spec.readinessGates);
  const open = gates.filter(({ conditionType }) => isTrue(String(conditionType))).length;
  return {
    Ready: `${ready}/${parts(spec.containers).length + sidecars.size}`,
    Status: reason,
    Restarts:
      restarts.count && restarts.last
        ? `${restarts.count} (${ageOf(restarts.last)} ago)`
        : `${restarts.count}`,
    IP: text(parts(status.podIPs)[0]?.ip, '<none>'),
    Node: text(spec.nodeName, '<none>'),
    'Nominated Node': text(status.nominatedNodeName, '<none>'),
    'Readiness Gates': gates.length > 0 ? `${open}/${gates.length}` : '<none>',
  };
}

/** Rows of pods that have ended carry this, so that clients may hide them. */
export function podConditions(pod: Part): readonly Part[] | undefined {
  const message = endings[String(at(pod, 'status', 'phase'))];
  return message === undefined
    ? undefined
    : [{ type: 'Completed', status: 'True', reason: at(pod, 'status', 'phase'), message }];
}

const endings: Readonly<Record<string, string>> = {
  Succeeded: 'The pod has completed successfully.',
  Failed: 'The pod failed.',
};

interface Restarts {
  count: number;
  /** The time of the latest. */
  last: string;
}

const none: Restarts = { count: 0, last: '' };

const sum = (one: Restarts, other: Restarts): Restarts => ({
  count: one.count + other.count,
  last: one.last > other.last ? one.last : other.last,
});

const restartsOf = (container: Part): Restarts => ({
  count: count(container.restartCount),
  last: text(at(container, 'lastState', 'terminated', 'finishedAt')),
});

/** How far the init containers are; `reason` is absent once they have done their part. */
function initialization(status: Part, sidecarNames: ReadonlySet<unknown>, total: number) {
  let all = none;
  let sidecars = none;
  let ready = 0;
  for (const [index, container] of parts(status.initContainerStatuses).entries()) {
    const isSidecar = sidecarNames.has(container.name);
    all = sum(all, restartsOf(container));
    if (isSidecar) sidecars = sum(sidecars, restartsOf(container));
    const state = part(container.state);
    const ended = state.terminated ? part(state.terminated) : undefined;
    if (ended && count(ended.exitCode) === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready === true) ready++;
      continue;
    }
    const waiting = text(part(state.waiting).reason);
    const progress = waiting && waiting !== 'PodInitializing' ? waiting : `${index}/${total}`;
    return { reason: `Init:${ended ? endOf(ended) : progress}`, all, sidecars, ready };
  }
  return { reason: undefined, all, sidecars, ready };
}

function execution(status: Part, before: string, isReady: boolean) {
  let reason = before;
  let errorReason = '';
  let isRunning = false;
  let ready = 0;
  let restarts = none;
  for (const container of parts(status.containerStatuses).toReversed()) {
    restarts = sum(restarts, restartsOf(container));
    const state = part(container.state);
    const waiting = text(part(state.waiting).reason);
    if (waiting) reason = waiting;
    else if (state.terminated) {
      const ended = part(state.terminated);
      reason = endOf(ended);
      if (count(ended.exitCode) !== 0) errorReason = reason;
    } else if (container.ready === true && state.running) {
      isRunning = true;
      ready++;
    }
  }
  if (reason === 'Completed') {
    if (isRunning && isReady) reason = 'Running';
    else if (errorReason) reason = errorReason;
    else if (isRunning) reason = 'NotReady';
  }
  return { reason, ready, restarts };
}

function endOf(terminated: Part): string {
  const signal = count(terminated.signal);
  return text(terminated.reason) || (signal ? `Signal:${signal}` : `ExitCode:${count(terminated.exitCode)}`);
}
