import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { fieldRequirements, matchesFields } from './fields.ts';
import { labelRequirements, matchesLabels } from './labels.ts';

/** What a list or a watch is about. Undefined where everything matches, so that nothing need be parsed. */
export type Selection = ((object: StoredObject) => boolean) | undefined;

export function selectionOf(resource: Resource, query: URLSearchParams): Selection {
  const labels = labelRequirements(query.get('labelSelector') ?? '');
  const fields = fieldRequirements(resource, query.get('fieldSelector') ?? '');
  if (labels.length + fields.length === 0) return undefined;
  return (object) => matchesLabels(labels, object.metadata.labels) && matchesFields(fields, object);
}
