import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from '../../../functions/http/issues.ts';

const wrongUrl = z.url({ protocol: /^https?$/ });

test.each([
  [
    wrongUrl,
    'ftp://x',
    'at must be an address such as https://host/path',
    'at 必须是形如 https://host/path 的地址',
  ],
  [
    z.iso.datetime(),
    'yesterday',
    'at must be a time in UTC such as 2026-03-01T10:00:00Z',
    'at 必须是形如 2026-03-01T10:00:00Z 的 UTC 时间',
  ],
  [z.ipv4(), 'x', 'at must be of the form ipv4', 'at 必须是 ipv4 格式'],
  [z.literal('true'), 'yes', 'at must be true', 'at 必须是 true'],
  [z.enum(['on', 'off']), 'x', 'at must be one of on, off', 'at 必须是 on, off 之一'],
  [z.string().min(1), '', 'at must be at least 1 character', 'at 不得小于 1 个字符'],
  [z.array(z.string()).min(1), [], 'at must be at least 1 entry', 'at 不得小于 1 项'],
  [z.string().max(2), 'xyz', 'at must be at most 2 characters', 'at 不得大于 2 个字符'],
  [z.number().max(2), 3, 'at must be at most 2', 'at 不得大于 2'],
])('%# says what was expected, in both languages', (schema, value, en, zh) => {
  const { error } = z.object({ at: schema }).safeParse({ at: value });
  expect(fieldErrors(error!.issues, 'body', 'en').map(({ message }) => message)).toEqual([en]);
  expect(fieldErrors(error!.issues, 'body', 'zh').map(({ message }) => message)).toEqual([zh]);
});
