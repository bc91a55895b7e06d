import type { KubeObject } from '../objects.ts';
import { customResources } from './customResources.ts';
import { kindsData } from './data.ts';
import { establish } from './establish.ts';
import type { OpenapiSchema } from './openapiSchema.ts';
import { builtInResources, builtInSchema, groupVersion } from './resources.ts';
import type { Schema } from './schema.ts';
import { byPreference } from './versionOrder.ts';

/** One resource in one version, as discovery lists it, with what it takes to serve it. */
export interface Resource {
  group: string;
  version: string;
  /** The plural: `pods`. */
  name: string;
  singular: string;
  kind: string;
  listKind: string;
  isNamespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  /** Of what is stored; empty where nothing is. */
  storageVersionHash: string;
  subresources: readonly Subresource[];
  /** Absent where nothing is known of the fields; then everything is kept as it is. */
  schema?: Schema | undefined;
  columns: readonly Column[];
  /** Fields that a selector may name besides `metadata.name` and `metadata.namespace`. */
  selectable: readonly string[];
  /** What whoever uses it is warned of. */
  deprecation?: string;
  /** From a CustomResourceDefinition: its list items carry kind and apiVersion, and strategic merge is refused. */
  isCustom: boolean;
  /** Of a custom resource: its schema as the definition writes it. */
  definition?: OpenapiSchema;
}

export interface Subresource {
  /** `status`, `scale`, `token`, … */
  name: string;
  /** Of what is sent and answered, where it is not the resource itself: autoscaling/v1 Scale. */
  group: string;
  version: string;
  kind: string;
  verbs: readonly string[];
  schema?: Schema | undefined;
  /** Of the scale of a custom resource: where its fields stand. */
  paths?: ScalePaths;
}

export interface ScalePaths {
  specReplicasPath: string;
  statusReplicasPath: string;
  labelSelectorPath?: string;
}

/** A column of `kubectl get`, as the server's own Table names it. */
export interface Column {
  name: string;
  type: string;
  format: string;
  description: string;
  /** 0 is shown always, more only with `-o wide`. */
  priority: number;
  /** Of a custom resource: where the cell's value stands. */
  jsonPath?: string;
}

export interface Group {
  name: string;
  /** The preferred one first. */
  versions: readonly string[];
}

/** What one cluster serves: what is built in, which all clusters share, and what its definitions add. */
export class Kinds {
  /** By the definition's name. */
  readonly #custom = new Map<string, readonly Resource[]>();

  resource(group: string, version: string, plural: string): Resource | undefined {
    return this.in(group, version).find(({ name }) => name === plural);
  }

  ofKind(group: string, version: string, kind: string): Resource | undefined {
    return this.in(group, version).find((resource) => resource.kind === kind);
  }

  /** In the preferred version: of objects it is all one. */
  stored(group: string, plural: string): Resource | undefined {
    return [...builtInResources().values(), ...this.#custom.values()]
      .flat()
      .find((resource) => resource.group === group && resource.name === plural);
  }

  all(): readonly Resource[] {
    return [...[...builtInResources().values()].flat(), ...this.#declared()];
  }

  /** Of one group version, in the order of its discovery. */
  in(group: string, version: string): readonly Resource[] {
    const builtIn = builtInResources().get(groupVersion(group, version)) ?? [];
    if (this.#custom.size === 0) return builtIn;
    return [
      ...builtIn,
      ...this.#declared().filter((custom) => custom.group === group && custom.version === version),
    ];
  }

  /** The server has routes of its own there, and words for paths that lead nowhere. */
  isBuiltIn(group: string): boolean {
    return group === '' || kindsData().groups.some(({ name }) => name === group);
  }

  /** As `/apis` orders them: all but the core group. */
  groups(): readonly Group[] {
    const declared = Map.groupBy(this.#declared(), ({ group }) => group);
    const versionsOf = (group: string) => (declared.get(group) ?? []).map(({ version }) => version);
    const builtIn = kindsData().groups.map(({ name, versions }) => ({
      name,
      versions: [...new Set([...versions, ...versionsOf(name)])],
    }));
    const names = new Set(builtIn.map(({ name }) => name));
    const custom = [...declared.keys()].filter((name) => !names.has(name)).sort();
    return [
      ...builtIn,
      ...custom.map((name) => ({ name, versions: [...new Set(versionsOf(name))].sort(byPreference) })),
    ];
  }

  /** Of anything that the server reads or answers: `v1 DeleteOptions`, `policy/v1 Eviction`. */
  schema(group: string, version: string, kind: string): Schema | undefined {
    return builtInSchema(group, version, kind) ?? this.ofKind(group, version, kind)?.schema;
  }

  /** The definition with its status, as the server's own controllers fill it after each write. */
  establish(definition: KubeObject, at: string): KubeObject {
    return establish(definition, this.#declared(), at);
  }

  /** Serves what an established CustomResourceDefinition defines, and no longer what it defined before. */
  declare(definition: KubeObject): void {
    this.#custom.set(definition.metadata.name!, customResources(definition));
  }

  withdraw(definition: string): void {
    this.#custom.delete(definition);
  }

  #declared(): Resource[] {
    return [...this.#custom.values()].flat();
  }
}
