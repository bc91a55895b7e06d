import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { fieldRequirements, matchesFields } from './fields.ts';
import { labelRequirements, matchesLabels } from './labels.ts';

/** What a list or a watch is about. Undefined where everything matches, so that nothing need be parsed. */
export type Selection = ((object: StoredObject) => boolean) | undefined;

export function selectionOf({
  resource,
  name,
  request: { query },
}: {
  resource: Resource;
  name: string | undefined;
  request: { query: URLSearchParams };
}): Selection {
  const labels = labelRequirements(query.get('labelSelector') ?? '');
  const fields = fieldRequirements(resource, query.get('fieldSelector') ?? '');
  // The old paths of watches end in the name of one object.
  if (name !== undefined) fields.push({ path: 'metadata.name', isEqual: true, value: name });
  if (labels.length + fields.length === 0) return undefined;
  return (object) => matchesLabels(labels, object.metadata.labels) && matchesFields(fields, object);
}
