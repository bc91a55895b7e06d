import type { Schema } from '../kinds/schema.ts';
import type { Cause } from '../status.ts';
import { notSupported, notValid, required } from './causes.ts';
import { enumerations, isListed, notNegative, notRequired, ports, requiredByCode } from './goTypes.ts';

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
  const missing: Cause[] = [];
  const nested: Cause[] = [];
  const unsupported: Cause[] = [];
  for (const name of new Set([...Object.keys(fields), ...Object.keys(properties)])) {
    const field = properties[name];
    const found = fields[name];
    const below = path ? `${path}.${name}` : name;
    if (!field) {
      if (values) nested.push(...checkBuiltIn(found, values, `${path}[${name}]`));
    } else if (isEmpty(found)) {
      if (isRequired(schema, name)) missing.push(required(below));
    } else if (typeof found === 'string') {
      const allowed = enumerations[`${goType?.split('.').pop()}.${name}`];
      if (allowed && !allowed.includes(found)) unsupported.push(notSupported(below, found, allowed));
    } else if (typeof found === 'number') {
      if (found < 0 && isListed(notNegative, goType, name)) {
        missing.push(notValid(below, found, 'must be greater than or equal to 0'));
      }
      if ((found < 1 || found > 65_535) && isListed(ports, goType, name)) {
        nested.push(notValid(below, found, 'must be between 1 and 65535, inclusive'));
      }
    } else nested.push(...checkBuiltIn(found, field, below));
  }
  // The order of most of the server's own checks.
  return [...missing, ...nested, ...unsupported];
}

const isRequired = ({ required: names, goType }: Schema, name: string) =>
  (names?.includes(name) && !isListed(notRequired, goType, name)) || isListed(requiredByCode, goType, name);

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
