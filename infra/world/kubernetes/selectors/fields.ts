import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { badRequest } from '../status.ts';

export interface FieldRequirement {
  path: string;
  isEqual: boolean;
  value: string;
}

export function fieldRequirements(resource: Resource, selector: string): FieldRequirement[] {
  const known = ['metadata.name', 'metadata.namespace', ...resource.selectable];
  return selector
    .split(/(?<!\\),/)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(?<path>[^=!]*)(?<sign>==|!=|=)(?<value>.*)$/s.exec(term)?.groups;
      if (!match) throw badRequest(`invalid field selector: '${selector}'; can't understand '${term}'`);
      const path = match.path!;
      if (!known.includes(path)) {
        const group = resource.group ? `${resource.group}/${resource.version}` : `/${resource.version}`;
        throw badRequest(
          `Unable to find "${group}, Resource=${resource.name}" that match label selector "", field selector "${selector}": field label not supported: ${path}`,
        );
      }
      return { path, isEqual: match.sign !== '!=', value: match.value!.replaceAll(/\\(.)/g, '$1') };
    });
}

export const matchesFields = (requirements: readonly FieldRequirement[], object: StoredObject): boolean =>
  requirements.every(({ path, isEqual, value }) => (fieldOf(object, path) === value) === isEqual);

/** As text: what is not there is empty, a boolean `false`. */
function fieldOf(object: StoredObject, path: string): string {
  if (path === 'spec.unschedulable' || path === 'spec.hostNetwork')
    return String((object.spec as Record<string, unknown> | undefined)?.[path.slice(5)] === true);
  if (path === 'source') {
    const { source, reportingComponent } = object as {
      source?: { component?: string };
      reportingComponent?: string;
    };
    return source?.component || reportingComponent || '';
  }
  let value: unknown = object;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  if (value === undefined || value === null)
    return path.endsWith('replicas') || path === 'status.successful' ? '0' : '';
  if (Array.isArray(value)) return value.map((one: { ip?: string }) => one.ip ?? '').join(',');
  return String(value);
}
