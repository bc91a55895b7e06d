import { type ApiResource, kindsData } from './data.ts';
import type { Resource } from './kinds.ts';
import { type OpenapiSchema, resolve } from './openapiSchema.ts';
import type { Schema } from './schema.ts';

/** `v1`, `apps/v1`. */
export const groupVersion = (group: string, version: string): string =>
  group ? `${group}/${version}` : version;

/** The path of a group version below `/openapi/v3/`. */
export const openapiPath = (group: string, version: string): string =>
  group ? `apis/${group}/${version}` : `api/${version}`;

/** `v1/Pod`, `apps/v1/Deployment`. */
export const gvk = (group: string, version: string, kind: string): string =>
  `${groupVersion(group, version)}/${kind}`;

/** All processes' clusters share what is built in; documents are only parsed for the groups that are used. */
let builtIn: ReadonlyMap<string, readonly Resource[]> | undefined;
const schemas = new Map<string, ReadonlyMap<string, Schema>>();

/** By group version. */
export function builtInResources(): ReadonlyMap<string, readonly Resource[]> {
  builtIn ??= new Map(
    Object.entries(kindsData().resources).map(([name, list]) => [name, resourcesOf(name, list)]),
  );
  return builtIn;
}

/** Of a resource, or of what is sent to or answered by one: `autoscaling/v1 Scale` is known to `apps/v1` as well. */
export function builtInSchema(
  group: string,
  version: string,
  kind: string,
  by: { group: string; version: string } = { group, version },
): Schema | undefined {
  return schemasOf(openapiPath(by.group, by.version)).get(gvk(group, version, kind));
}

function schemasOf(path: string): ReadonlyMap<string, Schema> {
  let known = schemas.get(path);
  if (!known) {
    known = parse(kindsData().openapi[path]);
    schemas.set(path, known);
  }
  return known;
}

function parse(document: string | undefined): ReadonlyMap<string, Schema> {
  if (document === undefined) return new Map();
  const { components } = JSON.parse(document) as { components: { schemas: Record<string, OpenapiSchema> } };
  const named = resolve(components.schemas);
  return new Map(
    Object.entries(components.schemas).flatMap(([name, definition]) =>
      (definition['x-kubernetes-group-version-kind'] ?? []).map(({ group, version, kind }) => [
        gvk(group, version, kind),
        named.get(name)!,
      ]),
    ),
  );
}

/** Of every object; in each document the same. */
export const objectMeta = (): Schema => builtInSchema('', 'v1', 'Namespace')!.properties!.metadata!;

function resourcesOf(name: string, list: readonly ApiResource[]): readonly Resource[] {
  const { columns, selectable, deprecations } = kindsData();
  const [version, group = ''] = name.split('/').reverse() as [string, string?];
  return list
    .filter((entry) => !entry.name.includes('/'))
    .map((entry): Resource => {
      const key = `${name}/${entry.name}`;
      return {
        group,
        version,
        name: entry.name,
        singular: entry.singularName,
        kind: entry.kind,
        listKind: `${entry.kind}List`,
        isNamespaced: entry.namespaced,
        verbs: entry.verbs,
        shortNames: entry.shortNames ?? [],
        categories: entry.categories ?? [],
        storageVersionHash: entry.storageVersionHash ?? '',
        subresources: list
          .filter((other) => other.name.startsWith(`${entry.name}/`))
          .map((other) => ({
            name: other.name.slice(entry.name.length + 1),
            group: other.group ?? group,
            version: other.version ?? version,
            kind: other.kind,
            verbs: other.verbs,
            get schema() {
              const of = { group: other.group ?? group, version: other.version ?? version };
              return builtInSchema(of.group, of.version, other.kind, { group, version });
            },
          })),
        get schema() {
          return builtInSchema(group, version, entry.kind);
        },
        columns: columns[key] ?? [],
        selectable: selectable[key] ?? [],
        isCustom: false,
        ...(deprecations[key] === undefined ? {} : { deprecation: deprecations[key] }),
      };
    });
}
