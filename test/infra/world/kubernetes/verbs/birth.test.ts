import { describe, expect, it } from 'vitest';
import { withPriority } from '../../../../../infra/world/kubernetes/admission/pod.ts';
import { Objects } from '../../../../../infra/world/kubernetes/store/objects.ts';
import { born } from '../../../../../infra/world/kubernetes/verbs/lifecycle.ts';
import { aResource } from '../validation/aResource.ts';

describe('a new object', () => {
  const uid = '0000002a-0000-4000-8000-000000000000';
  const made = (name: string, object: object) =>
    born(aResource(name), { metadata: {}, ...object }, { name: 'a', uid });

  it('that is a service gets an address of its own, unless it wants none', () => {
    const complete = (spec: object) => made('v1/services', { spec }).spec;
    expect(complete({ type: 'ClusterIP', selector: { a: 'b' } })).toMatchObject({
      clusterIP: '10.96.0.43',
      clusterIPs: ['10.96.0.43'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    expect(complete({ type: 'ClusterIP', clusterIP: 'None' })).toMatchObject({
      clusterIP: 'None',
      ipFamilyPolicy: 'RequireDualStack',
    });
    expect(complete({ type: 'NodePort', ports: [{ port: 80 }] })).toMatchObject({
      ports: [{ port: 80, nodePort: 30_042 }],
    });
    expect(complete({ type: 'ExternalName' })).toEqual({ type: 'ExternalName' });
  });

  it('that is a job finds its pods by its own uid, unless it says how', () => {
    const template = { metadata: { labels: { own: 'label' } } };
    const { metadata, spec } = made('batch/v1/jobs', { spec: { template } });
    expect(spec).toMatchObject({
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { metadata: { labels: { own: 'label', 'batch.kubernetes.io/job-name': 'a' } } },
    });
    expect(metadata.labels).toMatchObject({ 'controller-uid': uid });
    expect(made('batch/v1/jobs', { spec: { manualSelector: true, template } }).spec).toEqual({
      manualSelector: true,
      template,
    });
  });

  it.each([
    ['BestEffort', {}],
    ['Burstable', { requests: { cpu: '1' } }],
    ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }],
  ])('that is a pod is %s by what it asks for', (qosClass, resources) => {
    const { status } = made('v1/pods', { spec: { containers: [{ name: 'a', resources }] } });
    expect(status).toEqual({ phase: 'Pending', qosClass });
  });
});

describe('a pod that is admitted', () => {
  const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' };
  const pod = (spec: object) => ({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p' }, spec });

  it('tolerates a lost node for five minutes, unless it says otherwise', () => {
    const { spec } = withPriority(new Objects(), pod({ tolerations: [own] }));
    expect(spec).toMatchObject({
      priority: 0,
      tolerations: [
        own,
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
      ],
    });
  });

  it('is as important as its class, or as the class that is for all; one of no class there is refused', () => {
    const objects = new Objects();
    const classes = { group: 'scheduling.k8s.io', name: 'priorityclasses' };
    expect(() => withPriority(objects, pod({ priorityClassName: 'high' }))).toThrow(
      'no PriorityClass with name high was found',
    );
    objects.put(classes, { metadata: { name: 'high' }, value: 7, preemptionPolicy: 'Never' });
    objects.put(classes, { metadata: { name: 'usual' }, value: 3, globalDefault: true });
    expect(withPriority(objects, pod({ priorityClassName: 'high' })).spec).toMatchObject({
      priority: 7,
      preemptionPolicy: 'Never',
    });
    expect(withPriority(objects, pod({})).spec).toMatchObject({ priority: 3, priorityClassName: 'usual' });
  });
});
