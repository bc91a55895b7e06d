import type { JsonObject } from '../play/json.ts';

export const namespaces = '/api/v1/namespaces';
export const maps = (namespace: string) => `${namespaces}/${namespace}/configmaps`;
export const secrets = (namespace: string) => `${namespaces}/${namespace}/secrets`;
export const accounts = (namespace: string) => `${namespaces}/${namespace}/serviceaccounts`;
export const pods = (namespace: string) => `${namespaces}/${namespace}/pods`;
export const services = (namespace: string) => `${namespaces}/${namespace}/services`;
export const deployments = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const jobs = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`;

export const rbac = '/apis/rbac.authorization.k8s.io/v1';
export const roles = (namespace: string) => `${rbac}/namespaces/${namespace}/roles`;
export const bindings = (namespace: string) => `${rbac}/namespaces/${namespace}/rolebindings`;
export const clusterRoles = `${rbac}/clusterroles`;
export const clusterBindings = `${rbac}/clusterrolebindings`;

export const query = (parameters: Record<string, string>): string => `?${new URLSearchParams(parameters)}`;

export const aMap = (
  name: string,
  data: Record<string, string> = {},
  metadata: JsonObject = {},
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

/** Of a scheduler that is not there, so that it stays as it was sent. */
export const aPod = (name: string, metadata: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: {
    schedulerName: 'nobody',
    containers: [{ name: 'main', image: 'registry.example/app:1' }],
    ...spec,
  },
});

/** Nothing but a template: no controller looks at it. */
export const templates = (namespace: string) => `${namespaces}/${namespace}/podtemplates`;

/** Paused, so that no controller makes anything of it. */
export const aDeployment = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'registry.example/app:1' }] },
    },
    ...spec,
  },
});

/** Managed by no one, so that it stays as it was sent. */
export const aJob = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    managedBy: 'example.com/no-one',
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example/app:1' }] },
    },
    ...spec,
  },
});

export const labelled = (...pairs: [string, string][]): { labels: Record<string, string> } => ({
  labels: Object.fromEntries(pairs),
});
