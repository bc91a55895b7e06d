import { expect, test } from 'vitest';
import { readReference } from '#secretReferences';

test.each([
  ['ssm:/drover/ctrl-password', { in: 'ssm', name: '/drover/ctrl-password' }],
  ['ssm:plain', { in: 'ssm', name: 'plain' }],
  [
    'ssm:arn:aws-cn:ssm:cn-north-1:111122223333:parameter/drover/ctrl',
    { in: 'ssm', name: 'arn:aws-cn:ssm:cn-north-1:111122223333:parameter/drover/ctrl' },
  ],
  ['secretsmanager:drover/ctrl', { in: 'secretsmanager', name: 'drover/ctrl', key: undefined }],
  ['secretsmanager:drover/ctrl#password', { in: 'secretsmanager', name: 'drover/ctrl', key: 'password' }],
  ['secretsmanager:drover/ctrl#a#b', { in: 'secretsmanager', name: 'drover/ctrl', key: 'a#b' }],
  [
    'secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:drover-AbCdEf#token',
    {
      in: 'secretsmanager',
      name: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:drover-AbCdEf',
      key: 'token',
    },
  ],
  ['file:/run/secrets/password', { in: 'file', path: '/run/secrets/password' }],
])('%s', (text, reference) => {
  expect(readReference(text)).toEqual(reference);
});

test.each([
  'ssm:',
  'ssm:two words',
  'ssm:../x y',
  'secretsmanager:#key',
  'secretsmanager:name#',
  'file:relative',
  'file:',
  'file:/a\0b',
])('%s begins as a reference and is none', (text) => {
  expect(readReference(text)).toBe('invalid');
});

test.each(['a password', 'S3cret:with:colons', 'SSM:upper', 'https://file:/'])('%s is itself', (text) => {
  expect(readReference(text)).toBeUndefined();
});
