// Read by serverless.yml, which takes CommonJS: the table, the key, and a role per function.
const table = require('./table.json');
const key = require('./key.json');

/**
 * What each function may do, besides reading and writing the table. Workers are handed work by ticks and by people's changes, and never call their own kind.
 * Only the workers that store and use secrets have the key; the HTTP function seals and opens none.
 */
const rights = {
  api: {
    invokes: [
      ...['core-tick', 'core-work', 'clusters-tick', 'clusters-work'],
      ...['join-tick', 'join-work', 'notify-tick', 'notify-work'],
    ],
  },
  'core-tick': { invokes: ['core-work'] },
  'core-work': { invokes: ['core-tick', 'notify-tick'] },
  'clusters-tick': { invokes: ['clusters-work'] },
  'clusters-work': { invokes: ['clusters-tick', 'notify-tick'], hasKey: true },
  'join-tick': { invokes: ['join-work'] },
  'join-work': { invokes: ['join-tick', 'notify-tick'], hasKey: true, readsSettings: true },
  'notify-tick': { invokes: ['notify-work'] },
  'notify-work': { invokes: ['notify-tick'], hasKey: true },
};

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const nameOf = (func) => `drover-${stage}-${func}`;
  const roles = Object.entries(rights).map(([func, allowed]) => [
    roleName(func),
    role(func, allowed, nameOf),
  ]);
  return {
    Resources: {
      Table: { ...table, Properties: { TableName: `drover-${stage}`, ...table.Properties } },
      Key: key,
      KeyAlias: {
        Type: 'AWS::KMS::Alias',
        Properties: { AliasName: `alias/drover-${stage}`, TargetKeyId: { Ref: 'Key' } },
      },
      ...Object.fromEntries(roles),
    },
  };
};

/** `core-tick` → `CoreTickRole` */
const roleName = (func) => `${func.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase())}Role`;

function role(func, { invokes, hasKey, readsSettings }, nameOf) {
  const statements = [
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      arn('logs', `log-group:/aws/lambda/${nameOf(func)}:*`),
    ),
    ...storeRights,
    allow(
      ['lambda:InvokeFunction'],
      ...invokes.map((invoked) => arn('lambda', `function:${nameOf(invoked)}`)),
    ),
    ...(hasKey ? [allow(['kms:GenerateDataKey', 'kms:Decrypt'], attribute('Key', 'Arn'))] : []),
    ...(readsSettings ? referredTo(process.env) : []),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: document([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: ['sts:AssumeRole'] },
      ]),
      Policies: [{ PolicyName: func, PolicyDocument: document(statements) }],
    },
  };
}

/** Settings that may be references to where a secret lies; see shared/secretReferences. */
const referable = ['CTRL_PASSWORD', 'CTRL_API_KEY', 'JOIN_TOKEN', 'CTRL_CA', 'MASTER_CLUSTER_CA'];

/**
 * The right to read exactly what the deployment's settings refer to. A key of one's own that it is encrypted with must
 * let the role decrypt by its key policy; AWS's own keys need nothing.
 */
function referredTo(environment) {
  const given = referable.map((name) => environment[name] ?? '');
  const parameters = given.flatMap((text) => /^ssm:(.+)$/.exec(text)?.[1] ?? []);
  const secrets = given.flatMap((text) => /^secretsmanager:([^#]+)/.exec(text)?.[1] ?? []);
  return [
    ...(parameters.length > 0 ? [allow(['ssm:GetParameter'], ...unique(parameters.map(parameterArn)))] : []),
    ...(secrets.length > 0
      ? [allow(['secretsmanager:GetSecretValue'], ...unique(secrets.map(secretArn)))]
      : []),
  ];
}

const parameterArn = (name) =>
  name.startsWith('arn:') ? name : arn('ssm', `parameter/${name.replace(/^\//, '')}`);
/** Secrets Manager puts six letters of its own after a name. */
const secretArn = (name) => (name.startsWith('arn:') ? name : arn('secretsmanager', `secret:${name}-??????`));
const unique = (resources) => [...new Map(resources.map((one) => [JSON.stringify(one), one])).values()];

const attribute = (resource, name) => ({ 'Fn::GetAtt': [resource, name] });
const arn = (service, rest) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
});
const document = (Statement) => ({ Version: '2012-10-17', Statement });
const allow = (Action, ...Resource) => ({ Effect: 'Allow', Action, Resource });

const storeRights = [
  allow(
    ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'].map(
      (name) => `dynamodb:${name}`,
    ),
    attribute('Table', 'Arn'),
  ),
  allow(['dynamodb:Query'], { 'Fn::Sub': `\${Table.Arn}/index/due` }),
];
