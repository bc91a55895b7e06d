import type { Definition } from './definition.ts';

/**
 * The definitions that `take.ts` makes for a moment to see what a server says of custom resources. Their names stand
 * for those of others in what it said: each is a word that nothing else there contains.
 */
export const template = {
  group: 'grouptemplate.invalid',
  version: 'versiontemplate',
  plural: 'pluraltemplates',
  kind: 'Kindtemplate',
  listKind: 'Listtemplate',
} as const;

export function templateDefinition(scope: Definition['spec']['scope']): Definition {
  const { group, version, plural, kind, listKind } = template;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind, listKind },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
        },
      ],
    },
  };
}
