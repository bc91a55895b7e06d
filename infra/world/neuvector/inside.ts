import { iso } from '#time';
import type { SimulatedCluster } from '../kubernetes/cluster.ts';
import type { StoredObject } from '../kubernetes/objects.ts';
import { Chance } from '../kubernetes/population/chance.ts';
import type { Named } from '../kubernetes/status.ts';
import { controllerPort } from './settings.ts';

const namespace = 'neuvector';
/** As NeuVector's own chart names them. */
const service = 'neuvector-svc-controller-api';
const secret = 'neuvector-bootstrap-secret';
const app = 'neuvector-controller-pod';

const chartLabels = { app, release: 'neuvector' };

/**
 * Puts a controller into a cluster, as far as one who asks its API server can see: a service, the pod behind it, the
 * administrator's password. Answers where the cluster's own network has it. What is there already stays as it is.
 */
export function installInside(
  cluster: SimulatedCluster,
  given: { seed: string; password: string },
): { readonly address: string } {
  const chance = new Chance(given.seed, cluster.name, namespace);
  const pod = `${app}-${chance.hex(10)}-${chance.suffix(5)}`;
  const ip = `10.200.0.${2 + chance.below(250)}`;
  const creationTimestamp = iso(cluster.clock.now()).replace(/\.\d+Z$/, 'Z');
  const put = (resource: Named, name: string, rest: object, labels: Record<string, string> = chartLabels) => {
    const isOfNamespace = resource.name !== 'namespaces';
    if (cluster.objects.get(resource, isOfNamespace ? namespace : undefined, name)) return;
    cluster.objects.put(resource, {
      metadata: {
        name,
        ...(isOfNamespace && { namespace }),
        uid: new Chance(given.seed, cluster.name, resource.name, name).uid(),
        creationTimestamp,
        labels,
      },
      ...rest,
    } as StoredObject);
  };
  put(
    { group: '', name: 'namespaces' },
    namespace,
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    { 'kubernetes.io/metadata.name': namespace },
  );
  put({ group: '', name: 'secrets' }, secret, {
    data: { bootstrapPassword: Buffer.from(given.password).toString('base64') },
    type: 'Opaque',
  });
  put({ group: '', name: 'services' }, service, {
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.200.43',
      clusterIPs: ['10.96.200.43'],
      ports: [
        {
          name: 'controller-api',
          protocol: 'TCP',
          appProtocol: 'HTTPS',
          port: controllerPort,
          targetPort: controllerPort,
        },
      ],
      selector: { app },
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  });
  put({ group: '', name: 'pods' }, pod, {
    spec: {
      containers: [
        {
          name: app,
          image: 'docker.io/neuvector/controller:5.6.0',
          ports: [{ containerPort: controllerPort, protocol: 'TCP' }],
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      nodeName: 'node-0001',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: creationTimestamp,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: creationTimestamp,
      })),
      qosClass: 'BestEffort',
    },
  });
  put(
    { group: 'discovery.k8s.io', name: 'endpointslices' },
    `${service}-${chance.suffix(5)}`,
    {
      addressType: 'IPv4',
      ports: [{ name: 'controller-api', protocol: 'TCP', port: controllerPort }],
      endpoints: [
        {
          addresses: [ip],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'node-0001',
          targetRef: { kind: 'Pod', namespace, name: pod },
        },
      ],
    },
    { 'kubernetes.io/service-name': service },
  );
  return { address: `${ip}:${controllerPort}` };
}
