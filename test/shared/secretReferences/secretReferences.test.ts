import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { DroverError } from '#errors';
import { SecretReferences } from '#secretReferences';
import { minute } from '#time';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { anAwsDouble } from './awsDouble.ts';

const canary = 'canary-4711';

async function errorOf(asked: Promise<string>): Promise<DroverError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof DroverError) return error;
    throw error;
  }
  throw new Error('It was resolved.');
}

test('a text that is no reference is the secret', async () => {
  const references = new SecretReferences(new SteppedClock());
  expect(await references.resolve('CTRL_PASSWORD', canary)).toBe(canary);
});

test('what only looks like a reference is refused without being repeated: it may be a password', async () => {
  const error = await errorOf(
    new SecretReferences(new SteppedClock()).resolve('CTRL_PASSWORD', `file:${canary}`),
  );
  expect(error).toMatchObject({ code: 'REFERENCE_INVALID', values: { setting: 'CTRL_PASSWORD' } });
  expect(JSON.stringify(error)).not.toContain(canary);
});

describe('files', () => {
  async function aFolder() {
    const folder = await mkdtemp(join(tmpdir(), 'references-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  }

  test('are read without the line end, and again when they change', async () => {
    const references = new SecretReferences(new SteppedClock());
    const path = join(await aFolder(), 'password');
    await writeFile(path, 'first\n');
    expect(await references.resolve('CTRL_PASSWORD', `file:${path}`)).toBe('first');
    await writeFile(path, 'the second\n');
    expect(await references.resolve('CTRL_PASSWORD', `file:${path}`)).toBe('the second');
  });

  test('are read again when Kubernetes leads a mounted Secret’s links elsewhere', async () => {
    const references = new SecretReferences(new SteppedClock());
    const mount = await aFolder();
    const put = async (version: string, secret: string) => {
      await mkdir(join(mount, version));
      await writeFile(join(mount, version, 'password'), secret);
      await symlink(version, join(mount, '..data_tmp'));
      await rename(join(mount, '..data_tmp'), join(mount, '..data'));
    };
    await put('..1', 'secret1');
    await symlink('..data/password', join(mount, 'password'));
    const reference = `file:${join(mount, 'password')}`;
    expect(await references.resolve('JOIN_TOKEN', reference)).toBe('secret1');
    await put('..2', 'secret2');
    expect(await references.resolve('JOIN_TOKEN', reference)).toBe('secret2');
  });

  test('that are missing, folders, empty or large are told by name', async () => {
    const references = new SecretReferences(new SteppedClock());
    const folder = await aFolder();
    await writeFile(join(folder, 'empty'), '\n');
    await writeFile(join(folder, 'large'), 'x'.repeat(100_000));
    const codeOf = async (name: string) =>
      (await errorOf(references.resolve('CTRL_CA', `file:${join(folder, name)}`))).code;
    expect(await codeOf('missing')).toBe('REFERENCE_NOT_FOUND');
    expect(await codeOf('.')).toBe('REFERENCE_FORBIDDEN');
    expect(await codeOf('empty')).toBe('REFERENCE_EMPTY');
    expect(await codeOf('large')).toBe('REFERENCE_FORBIDDEN');
  });
});

describe('AWS', () => {
  let aws: Awaited<ReturnType<typeof anAwsDouble>>;
  beforeEach(async () => {
    aws = await anAwsDouble();
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', aws.endpoint);
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', aws.endpoint);
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    aws.close();
  });

  test('a parameter comes decrypted, and is asked for again after five minutes', async () => {
    const clock = new SteppedClock();
    const references = new SecretReferences(clock);
    aws.parameters.set('/drover/ctrl', 'first');
    const resolve = () => references.resolve('CTRL_PASSWORD', 'ssm:/drover/ctrl');
    expect(await resolve()).toBe('first');
    aws.parameters.set('/drover/ctrl', 'second');
    await clock.step(4 * minute);
    expect(await resolve()).toBe('first');
    await clock.step(minute);
    expect(await resolve()).toBe('second');
    expect(aws.calls).toEqual(Array(2).fill('GetParameter /drover/ctrl'));
  });

  test('a secret comes whole or by one of its members; one answer serves both', async () => {
    const references = new SecretReferences(new SteppedClock());
    aws.secrets.set('drover/join', JSON.stringify({ password: 'p', token: 't', port: 1 }));
    expect(await references.resolve('CTRL_PASSWORD', 'secretsmanager:drover/join#password')).toBe('p');
    expect(await references.resolve('JOIN_TOKEN', 'secretsmanager:drover/join')).toContain('"token":"t"');
    for (const key of ['nothing', 'port', 'toString', '__proto__']) {
      const error = await errorOf(references.resolve('JOIN_TOKEN', `secretsmanager:drover/join#${key}`));
      expect(error.code).toBe('REFERENCE_EMPTY');
    }
  });

  test('a member of what is no JSON is not there, and the text is in no message', async () => {
    aws.secrets.set('drover/join', canary);
    const error = await errorOf(
      new SecretReferences(new SteppedClock()).resolve('JOIN_TOKEN', 'secretsmanager:drover/join#token'),
    );
    expect(error.code).toBe('REFERENCE_EMPTY');
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(canary);
  });

  test('what is not there is told with its place', async () => {
    const references = new SecretReferences(new SteppedClock());
    for (const place of ['ssm:/nowhere', 'secretsmanager:nowhere']) {
      expect(await errorOf(references.resolve('JOIN_TOKEN', place))).toMatchObject({
        code: 'REFERENCE_NOT_FOUND',
        values: { setting: 'JOIN_TOKEN', place },
      });
    }
  });

  test.each([
    [400, 'AccessDeniedException', 'REFERENCE_FORBIDDEN'],
    [400, 'UnrecognizedClientException', 'REFERENCE_FORBIDDEN'],
    [400, 'ThrottlingException', 'REFERENCE_UNANSWERED'],
    [500, 'InternalServerError', 'REFERENCE_UNANSWERED'],
  ])('%i %s is %s, and is asked for again the next time', async (status, type, code) => {
    const references = new SecretReferences(new SteppedClock());
    aws.failWith(status, type);
    const resolve = () => errorOf(references.resolve('JOIN_TOKEN', 'ssm:/drover/token'));
    expect(await resolve()).toMatchObject({ code, values: { reason: type } });
    await resolve();
    expect(aws.calls).toHaveLength(2);
  });

  test('a service that is not there does not answer', async () => {
    aws.close();
    const error = await errorOf(
      new SecretReferences(new SteppedClock()).resolve('JOIN_TOKEN', 'ssm:/drover/token'),
    );
    expect(error.code).toBe('REFERENCE_UNANSWERED');
  });
});
