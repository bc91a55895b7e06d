import { createHash } from 'node:crypto';
import type { KubeObject } from '../objects.ts';
import { kindsData } from './data.ts';
import type { DefinedVersion, Definition } from './definition.ts';
import type { Column, Resource, Subresource } from './kinds.ts';
import { custom } from './openapiSchema.ts';
import { builtInSchema, objectMeta } from './resources.ts';
import type { Schema } from './schema.ts';
import { byPreference } from './versionOrder.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** While the definition waits for its objects to go. */
const verbsOfTerminating = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** A resource for each version that an established definition serves. */
export function customResources(definition: KubeObject): readonly Resource[] {
  const { spec, status } = definition as Definition;
  const is = (type: string) =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
  if (!is('Established')) return [];
  const { group, versions } = spec;
  const { plural, singular, kind, listKind, shortNames, categories } = status!.acceptedNames!;
  const stored = versions.find(({ storage }) => storage)!;
  return versions
    .filter(({ served }) => served)
    .map((version): Resource => {
      const written = version.schema?.openAPIV3Schema ?? {};
      let schema: Schema | undefined;
      return {
        group,
        version: version.name,
        name: plural,
        singular: singular ?? '',
        kind,
        listKind: listKind ?? `${kind}List`,
        isNamespaced: spec.scope === 'Namespaced',
        verbs: is('Terminating') ? verbsOfTerminating : verbs,
        shortNames: shortNames ?? [],
        categories: categories ?? [],
        storageVersionHash: storageVersionHash(group, stored.name, kind),
        subresources: subresources(group, kind, version),
        get schema() {
          schema ??= custom(written, objectMeta());
          return schema;
        },
        columns: columns(version),
        selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.slice(1)),
        isCustom: true,
        definition: written,
        ...(version.deprecated ? { deprecation: deprecation(spec, version) } : {}),
      };
    });
}

/** The same on every server: clients learn from it when stored versions change. */
const storageVersionHash = (group: string, version: string, kind: string): string =>
  createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');

function subresources(
  group: string,
  kind: string,
  { name: version, subresources: has }: DefinedVersion,
): Subresource[] {
  const of = { verbs: ['get', 'patch', 'update'] };
  return [
    ...(has?.status ? [{ ...of, name: 'status', group, version, kind }] : []),
    ...(has?.scale
      ? [
          {
            ...of,
            name: 'scale',
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            paths: has.scale,
            get schema() {
              return builtInSchema('autoscaling', 'v1', 'Scale', { group: 'apps', version: 'v1' });
            },
          },
        ]
      : []),
  ];
}

function columns({ additionalPrinterColumns: own = [] }: DefinedVersion): readonly Column[] {
  const [name, age] = kindsData().customColumns;
  if (own.length === 0) return [name, { ...age, jsonPath: '.metadata.creationTimestamp' }];
  return [
    name,
    ...own.map((column) => ({
      format: '',
      description: `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
      priority: 0,
      ...column,
    })),
  ];
}

function deprecation(
  { group, names: { kind }, versions }: Definition['spec'],
  { name, deprecationWarning }: DefinedVersion,
): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [better] = versions
    .filter((other) => other.served && !other.deprecated && byPreference(other.name, name) < 0)
    .map((other) => other.name)
    .toSorted(byPreference);
  const said = `${group}/${name} ${kind} is deprecated`;
  return better === undefined ? said : `${said}; use ${group}/${better} ${kind}`;
}
