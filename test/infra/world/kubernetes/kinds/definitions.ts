import type {
  DefinedVersion,
  Definition,
  Names,
} from '../../../../../infra/world/kubernetes/kinds/definition.ts';

/** A CustomResourceDefinition after its defaults. */
export function aDefinition({
  group = 'stable.example.com',
  names = {
    plural: 'crontabs',
    singular: 'crontab',
    kind: 'CronTab',
    listKind: 'CronTabList',
    shortNames: ['ct'],
  },
  scope = 'Namespaced',
  versions = [aVersion()],
  annotations = {},
}: {
  group?: string;
  names?: Names;
  scope?: 'Namespaced' | 'Cluster';
  versions?: readonly DefinedVersion[];
  annotations?: Record<string, string>;
} = {}): Definition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}`, annotations },
    spec: { group, scope, names, versions },
  };
}

export const aVersion = (over: Partial<DefinedVersion> = {}): DefinedVersion => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            replicas: { type: 'integer', minimum: 1 },
            port: { 'x-kubernetes-int-or-string': true },
            any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
      },
    },
  },
  ...over,
});
