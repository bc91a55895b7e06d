import { customResources } from '../../../../../infra/world/kubernetes/kinds/customResources.ts';
import { Kinds, type Resource } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';

const kinds = new Kinds();

/** `v1/pods`, `apps/v1/deployments` */
export function aResource(path: string): Resource {
  const [name, version, group = ''] = path.split('/').toReversed();
  return kinds.resource(group, version!, name!)!;
}

/** A custom one with this schema of its spec. */
export function aCustomResource(spec: object, columns: object[] = []): Resource {
  const names = { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' };
  const [resource] = customResources({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names,
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
          additionalPrinterColumns: columns,
        },
      ],
    },
    status: { acceptedNames: names, conditions: [{ type: 'Established', status: 'True' }] },
  });
  return resource!;
}
