import { describe, expect, test } from 'vitest';
import { ageAt } from '../../../../../infra/world/kubernetes/table/age.ts';
import { podCells, podConditions } from '../../../../../infra/world/kubernetes/table/podCells.ts';

const ageOf = ageAt(Date.parse('2026-01-01T01:00:00Z'));
const cells = (pod: object) =>
  podCells({ metadata: {}, spec: { containers: [{ name: 'a' }] }, ...pod }, ageOf);
const running = { name: 'a', ready: true, state: { running: {} } };
const waiting = (reason: string) => ({ name: 'a', ready: false, state: { waiting: { reason } } });
const ended = (exitCode: number, more: object = {}) => ({
  name: 'a',
  ready: false,
  state: { terminated: { exitCode, ...more } },
});
const status = (phase: string, ...containerStatuses: object[]) => ({ status: { phase, containerStatuses } });
const isReady = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('the state of a pod', () => {
  test.each<[string, object, string]>([
    ['Running', status('Running', running), '1/1'],
    ['Pending', { status: { phase: 'Pending' } }, '0/1'],
    ['ContainerCreating', status('Pending', waiting('ContainerCreating')), '0/1'],
    ['CrashLoopBackOff', status('Running', waiting('CrashLoopBackOff')), '0/1'],
    ['Completed', status('Succeeded', ended(0, { reason: 'Completed' })), '0/1'],
    ['Error', status('Failed', ended(1, { reason: 'Error' })), '0/1'],
    ['ExitCode:3', status('Failed', ended(3)), '0/1'],
    ['Signal:9', status('Failed', ended(137, { signal: 9 })), '0/1'],
    ['Evicted', { status: { phase: 'Failed', reason: 'Evicted' } }, '0/1'],
    [
      'SchedulingGated',
      { status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] } },
      '0/1',
    ],
    ['Terminating', { metadata: { deletionTimestamp: 'x' }, ...status('Running', running) }, '1/1'],
    [
      'Unknown',
      { metadata: { deletionTimestamp: 'x' }, status: { phase: 'Running', reason: 'NodeLost' } },
      '0/1',
    ],
    [
      'Running',
      {
        status: {
          phase: 'Running',
          ...isReady,
          containerStatuses: [ended(0, { reason: 'Completed' }), running],
        },
      },
      '1/1',
    ],
    ['NotReady', status('Running', ended(0, { reason: 'Completed' }), running), '1/1'],
    [
      'Init:0/2',
      {
        spec: { initContainers: [{}, {}], containers: [{}] },
        status: { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] },
      },
      '0/1',
    ],
    [
      'Init:Error',
      {
        spec: { initContainers: [{}], containers: [{}] },
        status: { phase: 'Pending', initContainerStatuses: [ended(1, { reason: 'Error' })] },
      },
      '0/1',
    ],
    [
      'Init:CrashLoopBackOff',
      {
        spec: { initContainers: [{}], containers: [{}] },
        status: { phase: 'Pending', initContainerStatuses: [waiting('CrashLoopBackOff')] },
      },
      '0/1',
    ],
    [
      'Running',
      {
        spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }], containers: [{}] },
        status: {
          phase: 'Running',
          initContainerStatuses: [{ ...running, name: 's', started: true }],
          containerStatuses: [running],
        },
      },
      '2/2',
    ],
  ])('is %s', (words, pod, ready) => {
    expect(cells(pod)).toMatchObject({ Status: words, Ready: ready });
  });
});

test('restarts are counted, with the time since the last', () => {
  const restarted = (restartCount: number, finishedAt?: string) => ({
    ...running,
    restartCount,
    lastState: finishedAt ? { terminated: { finishedAt } } : {},
  });
  expect(cells(status('Running', restarted(0))).Restarts).toBe('0');
  expect(cells(status('Running', restarted(2))).Restarts).toBe('2');
  expect(
    cells(status('Running', restarted(2, '2026-01-01T00:30:00Z'), restarted(1, '2026-01-01T00:50:00Z')))
      .Restarts,
  ).toBe('3 (10m ago)');
});

test('where it runs is told, or that nobody knows', () => {
  expect(cells({ status: {} })).toMatchObject({
    IP: '<none>',
    Node: '<none>',
    'Nominated Node': '<none>',
    'Readiness Gates': '<none>',
  });
  const placed = {
    spec: {
      nodeName: 'n',
      containers: [{}],
      readinessGates: [{ conditionType: 'x' }, { conditionType: 'y' }],
    },
    status: { podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'x', status: 'True' }] },
  };
  expect(cells(placed)).toMatchObject({ IP: '10.0.0.1', Node: 'n', 'Readiness Gates': '1/2' });
});

test('a pod that has ended says so to clients that hide such', () => {
  expect(podConditions(status('Succeeded'))).toEqual([
    {
      type: 'Completed',
      status: 'True',
      reason: 'Succeeded',
      message: 'The pod has completed successfully.',
    },
  ]);
  expect(podConditions(status('Running'))).toBeUndefined();
});
