import { goText, goType, isObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { elementText, fieldElement, indexElement } from './element.ts';
import {
  fieldSchema,
  isAtomicList,
  isClosed,
  isDeclared,
  itemElement,
  NotOfSchema,
  shapeOf,
} from './shape.ts';

/** Refuses what an apply configuration may not hold, in the words of the real server's library. */
export function validate(value: unknown, schema: Schema | undefined): void {
  const problems = problemsOf(value, schema, '');
  if (problems.length === 1) throw new NotOfSchema(problems[0]);
  if (problems.length)
    throw new NotOfSchema(['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
}

function problemsOf(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (value === null) return [];
  const at = (message: string) => [path ? `${path}: ${message}` : message];
  switch (shapeOf(schema, value)) {
    case 'map':
      return isObject(value) ? fieldProblems(value, schema, path) : at(`expected map, got ${goValue(value)}`);
    case 'list':
      return Array.isArray(value)
        ? itemProblems(value, schema, path)
        : at(`expected list, got ${goValue(value)}`);
    case 'scalar': {
      const problem = scalarProblem(value, schema);
      return problem ? at(problem) : [];
    }
  }
}

/** A server stops at the first field that is not declared. */
function fieldProblems(value: Record<string, unknown>, schema: Schema | undefined, path: string): string[] {
  const problems: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    const here = `${path}${elementText(fieldElement(name))}`;
    if (isClosed(schema) && !isDeclared(schema, name)) {
      return [...problems, `${here}: field not declared in schema`];
    }
    problems.push(...problemsOf(field, fieldSchema(schema, name), here));
  }
  return problems;
}

function itemProblems(list: unknown[], schema: Schema | undefined, path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    let element = indexElement(index);
    if (!isAtomicList(schema)) {
      try {
        element = itemElement(schema, item);
      } catch (error) {
        if (!(error instanceof NotOfSchema)) throw error;
        return [...problems, `${path}: element ${index}: ${error.message}`];
      }
      if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${elementText(element)}`);
      seen.add(element);
    }
    problems.push(...problemsOf(item, schema?.items, `${path}${elementText(element)}`));
  }
  return problems;
}

function scalarProblem(value: unknown, schema: Schema | undefined): string | undefined {
  switch (schema?.type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${goValue(value)}`;
    default:
      // Of any other format, such as a quantity, any scalar is taken.
      if (!schema?.format || schema.format === 'byte') {
        return typeof value === 'string' || !schema
          ? undefined
          : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
      }
      return typeof value === 'object' ? `expected any scalar, got ${goValue(value)}` : undefined;
  }
}

const goValue = (value: unknown): string => `&{${goText(value)}}`;

/** What `%#v` of Go's fmt makes of it. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${goSyntax(value[name])}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}
