import { describe, expect, test } from 'vitest';
import { checkEks } from '../../../../shared/clusters/credential/checkEks.ts';

describe('an EKS credential', () => {
  const given = { region: 'eu-central-1', clusterName: 'store-42' };
  const keys = { accessKeyId: 'AKIDEXAMPLEAKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };

  test.each([
    ['with keys', { ...given, ...keys }],
    ['of the role that Drover runs under', given],
    ['with a role to assume', { ...given, roleArn: 'arn:aws-cn:iam::123456789012:role/path/drover' }],
  ])('%s is taken', (_, credential) => {
    expect(checkEks(credential).failure).toBeNull();
  });

  test.each([
    ['region', { ...given, region: 'Frankfurt' }],
    ['region', { ...given, region: 'eu-central-1.evil.example' }],
    ['clusterName', { ...given, clusterName: 'a b' }],
    ['clusterName', { ...given, clusterName: 'a\r\nb' }],
    ['accessKeyId', { ...given, ...keys, accessKeyId: 'short' }],
    ['secretAccessKey', { ...given, ...keys, secretAccessKey: 'with a space inside' }],
    ['secretAccessKey', { ...given, accessKeyId: keys.accessKeyId }],
    ['accessKeyId', { ...given, secretAccessKey: keys.secretAccessKey }],
    ['roleArn', { ...given, roleArn: 'arn:aws:iam::123456789012:user/ada' }],
  ])('with a wrong %s is refused: %j', (at, credential) => {
    expect(checkEks(credential).failure).toMatchObject({ code: 'EKS_INVALID', values: { at } });
  });
});
