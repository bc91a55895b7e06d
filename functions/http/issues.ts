import type { z } from 'zod';
import { type DroverError, type FieldError, type Language, say, type Text } from '#errors';
import { httpError } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Where in the request a schema was not met; paths of body fields stand without a prefix. */
export type Part = 'body' | 'query' | 'path';

/** A body of 1 MiB may be wrong in 100,000 places: to name them all would make an answer that no gateway carries. */
const mostErrors = 50;
const longestPath = 200;

/** What a schema found wrong, field by field, in the reader's language. Values are not repeated: they may be secrets. */
export function fieldErrors(issues: readonly Issue[], part: Part, language: Language): FieldError[] {
  const found = issues
    .slice(0, mostErrors)
    .flatMap(insideOf)
    .flatMap((issue) => {
      const base = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys
          .slice(0, mostErrors)
          .map((key) => fieldError(issue, part, [...base, key], language));
      }
      return [fieldError(issue, part, base, language)];
    });
  return found.slice(0, mostErrors);
}

/** What fits none of several forms: what is wrong with it as the one that it comes nearest to. */
function insideOf(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const nearest = issue.errors.find((branch) => branch.some(({ path }) => path.length > 0));
  return nearest?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

/** The caller's own names may be as long as the body. */
const cut = (path: string): string => (path.length > longestPath ? `${path.slice(0, longestPath)}…` : path);

/** One field that no schema judges, refused like the others. */
export function refusedField(where: string, code: string, text: Text, language: Language): DroverError {
  const path = cut(where);
  const message = `${path} ${say(text, language)}`;
  return httpError('REQUEST_INVALID', { first: message }, { fields: [{ path, code, message }] });
}

export const notKnown: Text = { en: 'is not known here', zh: '不是已知字段' };

function fieldError(issue: Issue, part: Part, path: string[], language: Language): FieldError {
  const shown = cut((part === 'body' ? path : [part, ...path]).join('.')) || part;
  const [code, text, values] = sentence(issue, language);
  return { path: shown, code, message: `${shown} ${say(text, language, values)}` };
}

function sentence(
  issue: Issue,
  language: Language,
): [code: string, text: Text, values?: Record<string, string | number>] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return ['unknown', notKnown];
    case 'invalid_type':
      return issue.input === undefined
        ? [
            'type',
            { en: 'is missing, or is not of type {expected}', zh: '缺失或类型不是 {expected}' },
            { expected: issue.expected },
          ]
        : [
            'type',
            { en: 'must be of type {expected}', zh: '类型必须是 {expected}' },
            { expected: issue.expected },
          ];
    case 'invalid_value':
      return [
        'value',
        issue.values.length === 1
          ? { en: 'must be {values}', zh: '必须是 {values}' }
          : { en: 'must be one of {values}', zh: '必须是 {values} 之一' },
        { values: issue.values.map(String).join(', ') },
      ];
    case 'too_small':
      return [
        'tooSmall',
        { en: 'must be at least {limit}{unit}', zh: '不得小于 {limit}{unit}' },
        { limit: String(issue.minimum), unit: unitOf(issue.origin, issue.minimum, language) },
      ];
    case 'too_big':
      return [
        'tooBig',
        { en: 'must be at most {limit}{unit}', zh: '不得大于 {limit}{unit}' },
        { limit: String(issue.maximum), unit: unitOf(issue.origin, issue.maximum, language) },
      ];
    case 'invalid_format':
      return issue.pattern === undefined || issue.format !== 'regex'
        ? ['format', { en: 'must be {form}', zh: '必须是{form}' }, { form: formOf(issue.format)[language] }]
        : ['format', { en: 'must match {pattern}', zh: '必须匹配 {pattern}' }, { pattern: issue.pattern }];
    case 'invalid_union':
      return ['value', { en: 'is none of the forms known here', zh: '不是此处已知的形式' }];
    case 'invalid_key':
      return ['name', { en: 'is not a name allowed here', zh: '不是允许的名称' }];
    case 'custom':
      return ['value', { en: issue.message, zh: String(issue.params?.zh ?? issue.message) }];
    default:
      return ['value', { en: 'is not valid', zh: '无效' }];
  }
}

const forms: Record<string, Text> = {
  url: { en: 'an address such as https://host/path', zh: '形如 https://host/path 的地址' },
  datetime: {
    en: 'a time in UTC such as 2026-03-01T10:00:00Z',
    zh: '形如 2026-03-01T10:00:00Z 的 UTC 时间',
  },
};

const formOf = (format: string): Text =>
  forms[format] ?? { en: `of the form ${format}`, zh: ` ${format} 格式` };

const entries = { one: { en: ' entry', zh: ' 项' }, more: { en: ' entries', zh: ' 项' } };
const units: Record<string, { one: Text; more: Text }> = {
  string: { one: { en: ' character', zh: ' 个字符' }, more: { en: ' characters', zh: ' 个字符' } },
  array: entries,
  set: entries,
  map: entries,
};

function unitOf(origin: string, limit: number | bigint, language: Language): string {
  const unit = units[origin];
  return (limit === 1 ? unit?.one : unit?.more)?.[language] ?? '';
}
