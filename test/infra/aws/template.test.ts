import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { controllerTable, settingsTable } from '#settings';
import { areaNames } from '../../../functions/areas.ts';

/** `npm run package` without a network to be reached or credentials to be found. */
const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'drover-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const unreachable = 'http://127.0.0.1:9';
execFileSync(process.execPath, ['infra/build/package.ts', '--stage', 'prod', '--package', folder], {
  cwd: root,
  stdio: 'pipe',
  env: {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTP_PROXY: unreachable,
    HTTPS_PROXY: unreachable,
    DROVER_OIDC_ISSUER: 'https://issuer.example',
    CTRL_API_SERVICE: 'neuvector.example:10443',
    CTRL_PASSWORD: 'ssm:/drover/ctrl/password',
    JOIN_TOKEN: 'secretsmanager:drover/join#token',
    CTRL_CA: 'secretsmanager:drover/join#ca',
    MASTER_CLUSTER_CA: 'file:/not/on/lambda',
  },
});

interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes; the tests say what it must be.
  Properties: any;
}
const template = JSON.parse(
  readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'),
) as { Resources: Record<string, Resource> };
const ofType = (type: string) =>
  Object.values(template.Resources).filter((resource) => resource.Type === type);
const functions = ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
const nameOf = (resource: { Ref: string }) => template.Resources[resource.Ref]?.Properties.FunctionName;
const roleOf = (name: string) => {
  const { Role } = functions.find(({ FunctionName }) => FunctionName === name);
  return template.Resources[Role['Fn::GetAtt'][0]]!.Properties;
};
const statementsOf = (name: string) =>
  roleOf(name).Policies.flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: object[] } }) => PolicyDocument.Statement,
  ) as { Effect: string; Action: string[]; Resource: object[] }[];

const names = functions.map(({ FunctionName }) => FunctionName as string);
const asynchronous = names.filter((name) => /-(tick|work)$/.test(name));

test('every area has a tick and a worker, and all run on the same platform', () => {
  expect([...names].sort()).toEqual(
    [
      'drover-prod-api',
      ...areaNames.flatMap((area) => [`drover-prod-${area}-tick`, `drover-prod-${area}-work`]),
    ].sort(),
  );
  expect(
    asynchronous.filter((name) => name.endsWith('-tick')).map((name) => name.replace('-tick', '-work')),
  ).toEqual(asynchronous.filter((name) => name.endsWith('-work')));
  for (const { Runtime, Architectures, MemorySize, Timeout, FunctionName } of functions) {
    expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(MemorySize).toBeLessThanOrEqual(512);
    const seconds = { api: 29, tick: 60, work: 330 }[/\w+$/.exec(FunctionName)![0]];
    expect(Timeout).toBe(seconds);
  }
});

test('ticks come every minute', () => {
  const rules = ofType('AWS::Events::Rule');
  expect(rules.map(({ Properties }) => Properties.ScheduleExpression)).toEqual(
    asynchronous.filter((name) => name.endsWith('-tick')).map(() => 'rate(1 minute)'),
  );
});

test('nothing asynchronous is tried again, nor begun after a minute', () => {
  const configured = ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => [
    nameOf(Properties.FunctionName),
    Properties.MaximumRetryAttempts,
    Properties.MaximumEventAgeInSeconds,
  ]);
  expect(configured.sort()).toEqual(asynchronous.map((name) => [name, 0, 60]).sort());
});

test('every function has its own log, kept 30 days', () => {
  const groups = ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties);
  expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
    names.map((name) => `/aws/lambda/${name}`).sort(),
  );
  for (const { RetentionInDays } of groups) expect(RetentionInDays).toBe(30);
});

test('every function has a role of its own', () => {
  const roles = functions.map(({ Role }) => Role['Fn::GetAtt'][0]);
  expect(new Set(roles).size).toBe(functions.length);
  expect(ofType('AWS::IAM::Role')).toHaveLength(functions.length);
});

test.each(names)('%s may do what is named, on what is named', (name) => {
  const role = roleOf(name);
  expect(role.ManagedPolicyArns).toBeUndefined();
  for (const { Effect, Action, Resource } of statementsOf(name)) {
    expect(Effect).toBe('Allow');
    for (const action of Action) expect(action).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
    for (const resource of Resource) {
      const written = JSON.stringify(resource);
      expect(written).toMatch(/"Fn::(Sub|GetAtt)"/);
      // A log group's streams are the one thing that has no name beforehand.
      expect(written.replace(`log-group:/aws/lambda/${name}:*`, '')).not.toContain('*');
    }
  }
});

const invokedBy = (name: string) =>
  statementsOf(name)
    .filter(({ Action }) => Action.includes('lambda:InvokeFunction'))
    .flatMap(({ Resource }) =>
      Resource.map((resource) => /:function:([\w-]+)"/.exec(JSON.stringify(resource))?.[1]),
    );

test('whoever invokes functions names them, and they exist', () => {
  for (const name of names) {
    for (const invoked of invokedBy(name)) expect(asynchronous).toContain(invoked);
  }
});

test.each(areaNames)(
  '%s: what is handed over may be: a right that is missing would only make it late',
  (area) => {
    const [tick, work] = [`drover-prod-${area}-tick`, `drover-prod-${area}-work`];
    expect(invokedBy('drover-prod-api')).toEqual(expect.arrayContaining([tick, work]));
    expect(invokedBy(tick)).toEqual([work]);
    expect(invokedBy(work)).toEqual(expect.arrayContaining([tick, 'drover-prod-notify-tick']));
  },
);

test('nothing but the workers that use secrets has the key', () => {
  const holders = names.filter((name) => JSON.stringify(statementsOf(name)).includes('kms:'));
  expect(holders).toEqual(['drover-prod-clusters-work', 'drover-prod-join-work', 'drover-prod-notify-work']);
});

test('no worker may call its own kind', () => {
  for (const name of asynchronous) {
    expect(JSON.stringify(statementsOf(name))).not.toContain(`function:${name}"`);
  }
});

test('the table and the key outlive the stack', () => {
  for (const type of ['AWS::DynamoDB::Table', 'AWS::KMS::Key']) {
    expect(ofType(type)).toEqual([expect.objectContaining({ DeletionPolicy: 'Retain' })]);
  }
});

test('every setting a deployment may choose reaches every function', () => {
  const chosen = Object.values(settingsTable)
    .filter(({ chosen }) => chosen !== 'local')
    .map(({ name }) => name)
    // Lambda's own address is not given but found.
    .filter((name) => name !== 'DROVER_LAMBDA_ENDPOINT');
  for (const { Environment } of functions) {
    expect(Object.keys(Environment.Variables)).toEqual(expect.arrayContaining(chosen));
    expect(Environment.Variables).toMatchObject({
      DROVER_TABLE: 'drover-prod',
      DROVER_KMS_KEY: 'alias/drover-prod',
      DROVER_OIDC_ISSUER: 'https://issuer.example',
    });
  }
});

test('what is said of the one controller reaches every function, but for what is secret of it or long', () => {
  const local = Object.values(controllerTable).filter(({ chosen }) => chosen === 'local');
  const own = ['CTRL_PASSWORD', 'CTRL_API_KEY', 'JOIN_TOKEN', 'CTRL_CA', 'MASTER_CLUSTER_CA'];
  const secrets = Object.values(controllerTable).filter(({ isSecret }) => isSecret);
  expect(own).toEqual(expect.arrayContaining(secrets.map(({ name }) => name)));
  const all = Object.values(controllerTable).map(({ name }) => name as string);
  const open = all.filter((name) => !own.includes(name) && !local.some((one) => one.name === name));
  for (const { FunctionName, Environment } of functions) {
    const names = Object.keys(Environment.Variables);
    expect(names).toEqual(expect.arrayContaining(open));
    const isWorker = FunctionName === 'drover-prod-join-work';
    expect(names.filter((name) => own.includes(name)).sort()).toEqual(isWorker ? [...own].sort() : []);
  }
});

test('the worker of joins may read what the settings refer to, that alone, and nobody else may', () => {
  const readers = names.filter((name) => /"(ssm|secretsmanager):/.test(JSON.stringify(statementsOf(name))));
  expect(readers).toEqual(['drover-prod-join-work']);
  const granted = statementsOf('drover-prod-join-work').flatMap(({ Action, Resource }) =>
    Action.filter((action) => /^(ssm|secretsmanager):/.test(action)).map((action) => [
      action,
      Resource.map((resource) => Object.values(resource)[0]),
    ]),
  );
  const here = (service: string) => `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:`;
  expect(granted).toEqual([
    ['ssm:GetParameter', [`${here('ssm')}parameter/drover/ctrl/password`]],
    ['secretsmanager:GetSecretValue', [`${here('secretsmanager')}secret:drover/join-??????`]],
  ]);
});
