import type { Column, Resource } from '../kinds/kinds.ts';
import type { KubeObject, ObjectMeta } from '../objects.ts';
import { qualified } from '../status.ts';
import { type AgeOf, ageAt } from './age.ts';
import { type Cells, cellsOf } from './cells.ts';
import { jsonPath } from './jsonPath.ts';
import { podConditions } from './podCells.ts';
import type { Part } from './read.ts';

export interface TableWish {
  now: number;
  includeObject: 'None' | 'Metadata' | 'Object';
  /** Of meta.k8s.io: `v1` or `v1beta1`. */
  version: string;
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
}

export interface Table {
  kind: 'Table';
  apiVersion: string;
  metadata: TableWish['metadata'];
  columnDefinitions: Omit<Column, 'jsonPath'>[];
  rows: Row[];
}

interface Row {
  cells: unknown[];
  conditions?: readonly Part[];
  object: unknown;
}

/** Objects as rows of what `kubectl get` prints. They are read one after the other and not kept. */
export function tableOf(
  resource: Resource,
  objects: Iterable<KubeObject>,
  { now, includeObject, version, metadata }: TableWish,
): Table {
  const cells = rowPrinter(resource, ageAt(now));
  const conditionsOf = qualified(resource) === 'pods' ? podConditions : () => undefined;
  const rows: Row[] = [];
  for (const object of objects) {
    const conditions = conditionsOf(object);
    rows.push({
      cells: cells(object),
      ...(conditions ? { conditions } : {}),
      object:
        includeObject === 'None' ? null : includeObject === 'Object' ? object : partialOf(object, version),
    });
  }
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: resource.columns.map(({ jsonPath: _path, ...column }) => column),
    rows,
  };
}

export interface PartialObjectMetadata {
  kind: 'PartialObjectMetadata';
  apiVersion: string;
  metadata: ObjectMeta;
}

export const partialOf = (
  { metadata }: Pick<KubeObject, 'metadata'>,
  version: string,
): PartialObjectMetadata => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});

function rowPrinter(resource: Resource, ageOf: AgeOf): (object: KubeObject) => unknown[] {
  if (resource.isCustom) {
    const printers = resource.columns.map((column) => customCell(column, ageOf));
    return (object) => printers.map((print) => print(object));
  }
  const own: Cells = cellsOf[qualified(resource)] ?? (() => ({}));
  const names = resource.columns.map(({ name }) => name);
  return (object) => {
    const { name = '', creationTimestamp } = object.metadata;
    const known = own(object, ageOf);
    return names.map((column) => {
      switch (column) {
        case 'Name':
          return name;
        case 'Age':
          return ageOf(creationTimestamp);
        case 'Created At':
          return creationTimestamp;
        default:
          return known[column] ?? '<none>';
      }
    });
  };
}

function customCell({ jsonPath: path, type }: Column, ageOf: AgeOf): (object: KubeObject) => unknown {
  if (path === undefined) return ({ metadata }) => metadata.name;
  const find = jsonPath(path);
  return (object) => {
    const [value] = find(object);
    switch (type) {
      case 'string':
        return value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
      case 'integer':
        return typeof value === 'number' ? Math.trunc(value) : null;
      case 'number':
        return typeof value === 'number' ? value : null;
      case 'boolean':
        return typeof value === 'boolean' ? value : null;
      case 'date':
        if (typeof value !== 'string') return null;
        return Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value);
      default:
        return null;
    }
  };
}
