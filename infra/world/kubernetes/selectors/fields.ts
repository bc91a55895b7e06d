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
      const { path, sign, value } = /^(?<path>[^=!]*)(?<sign>==|!=|=)(?<value>.*)$/s.exec(term)?.groups ?? {};
      if (path === undefined) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
      const read = { path, isEqual: sign !== '!=', value: unescaped(value!) };
      if (!known.includes(path)) throw unknownField(resource, path);
      return read;
    });
}

/** Kinds that have fields of their own to be selected by say so in their own words. */
const unknownField = ({ selectable, isCustom }: Resource, path: string) =>
  badRequest(
    selectable.length === 0 && !isCustom
      ? `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${path}`,
  );

/** After a stroke back only these three may stand. */
function unescaped(value: string): string {
  const wrong = /^(?:[^\\]|\\[\\,=])*(?<sequence>\\.?)/s.exec(value)?.groups?.sequence;
  if (wrong && !/^\\[\\,=]$/.test(wrong))
    throw badRequest(`invalid field selector: invalid escape sequence: ${wrong}`);
  return value.replaceAll(/\\(.)/g, '$1');
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
