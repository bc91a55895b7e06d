import type { Schema } from '../kinds/schema.ts';
import type { Cause } from '../status.ts';
import { notSupported, required } from './causes.ts';
import { enumerations, isListed, requiredByCode } from './goTypes.ts';

/**
 * What is wrong with a built-in kind whose rules are not written out: required fields and enumerations of what is
 * wanted. The server's own code demands more.
 */
export function checkBuiltIn(value: unknown, schema: Schema, path = ''): Cause[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => checkBuiltIn(item, schema.items ?? {}, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const { properties = {}, values, goType } = schema;
  const names = new Set([...Object.keys(fields), ...Object.keys(properties)]);
  return [...names].flatMap((name) => {
    const field = properties[name];
    const below = path ? `${path}.${name}` : name;
    const found = fields[name];
    if (!field) return values ? checkBuiltIn(found, values, `${path}[${name}]`) : [];
    if (isEmpty(found)) return isRequired(schema, name) ? [required(below)] : [];
    const allowed = enumerations[`${goType?.split('.').pop()}.${name}`];
    if (typeof found === 'string' && allowed && !allowed.includes(found)) {
      return [notSupported(below, found, allowed)];
    }
    return checkBuiltIn(found, field, below);
  });
}

const isRequired = ({ required: names, goType }: Schema, name: string) =>
  names?.includes(name) || isListed(requiredByCode, goType, name);

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
