import type { Text } from '#errors';
import { flag, type Kind, list, oneOf, origin, path, port, target, text, url } from './kinds.ts';

/** Whose choice a setting is: of who runs Drover on a laptop, of who deploys it, of both; or given by the deployment itself. */
export type Chosen = 'local' | 'deployed' | 'both' | 'wiring';

export interface Setting<T, Default extends T | undefined> {
  readonly name: string;
  readonly kind: Kind<T>;
  readonly default: Default;
  readonly chosen: Chosen;
  readonly help: Text;
  /** Never shown. Its text may be a reference to where the secret lies. */
  readonly isSecret?: true;
}

export function setting<T, const Default extends T | undefined>(
  name: string,
  kind: Kind<T>,
  standard: Default,
  chosen: Chosen,
  en: string,
  zh: string,
): Setting<T, Default> {
  return { name, kind, default: standard, chosen, help: { en, zh } };
}

/** Every setting there is, in the order in which the README lists them. */
export const settingsTable = {
  serverPort: setting(
    'SERVER_PORT',
    port,
    8080,
    'local',
    'Port of the console and the API. The local run’s Lambda endpoint lies 1000 above it.',
    '控制台与 API 的端口。本地运行时，Lambda 端点的端口为此值加 1000。',
  ),
  data: setting(
    'DROVER_DATA',
    path,
    '.drover',
    'local',
    'Folder in which the local run keeps its table, keys, logs, the administrator’s token and the simulated world.',
    '本地运行存放数据表、密钥、日志、管理员令牌和模拟世界的目录。',
  ),
  table: setting(
    'DROVER_TABLE',
    text,
    'drover',
    'wiring',
    'Name of the table that holds all state.',
    '保存全部状态的数据表名称。',
  ),
  storeEndpoint: setting(
    'DROVER_STORE_ENDPOINT',
    url('http', 'https'),
    undefined,
    'deployed',
    'Address of a DynamoDB-compatible store. Without it: DynamoDB of the function’s region.',
    '兼容 DynamoDB 的存储地址；不设置则使用函数所在区域的 DynamoDB。',
  ),
  functions: setting(
    'DROVER_FUNCTIONS',
    text,
    'drover-local',
    'wiring',
    'What the names of Drover’s functions begin with.',
    'Drover 各函数名称的前缀。',
  ),
  lambdaEndpoint: setting(
    'DROVER_LAMBDA_ENDPOINT',
    url('http', 'https'),
    undefined,
    'wiring',
    'Address at which functions are invoked. Without it: Lambda of the function’s region.',
    '调用函数的地址；不设置则使用函数所在区域的 Lambda。',
  ),
  keyFile: setting(
    'DROVER_KEY_FILE',
    path,
    undefined,
    'local',
    'File with the key that protects stored secrets. The local run makes one in its data folder.',
    '用于保护所存密钥的密钥文件；本地运行会在数据目录中自动生成。',
  ),
  kmsKey: setting(
    'DROVER_KMS_KEY',
    text,
    undefined,
    'wiring',
    'KMS key that protects stored secrets, in place of a key file.',
    '用于保护所存密钥的 KMS 密钥，代替密钥文件。',
  ),
  oidcIssuer: setting(
    'DROVER_OIDC_ISSUER',
    url('https'),
    undefined,
    'both',
    'Issuer whose access tokens are accepted for sign-in. Needs DROVER_OIDC_AUDIENCE.',
    '接受其访问令牌登录的 OIDC 签发者；须同时设置 DROVER_OIDC_AUDIENCE。',
  ),
  oidcAudience: setting(
    'DROVER_OIDC_AUDIENCE',
    text,
    undefined,
    'both',
    'Audience those access tokens must be made for.',
    '这些访问令牌必须面向的受众。',
  ),
  oidcRoleClaim: setting(
    'DROVER_OIDC_ROLE_CLAIM',
    text,
    'roles',
    'both',
    'Claim that holds the role: viewer, operator or admin.',
    '携带角色（viewer、operator 或 admin）的声明。',
  ),
  metricsPublic: setting(
    'DROVER_METRICS_PUBLIC',
    flag,
    false,
    'both',
    'Answers /metrics without a token.',
    '无需令牌即可访问 /metrics。',
  ),
  corsOrigins: setting(
    'DROVER_CORS_ORIGINS',
    list(origin),
    [],
    'both',
    'Origins whose pages may call the API from a browser. None by default.',
    '允许从浏览器调用 API 的来源，默认没有。',
  ),
  allowInsecureTls: setting(
    'DROVER_ALLOW_INSECURE_TLS',
    flag,
    false,
    'both',
    'Lets single clusters be registered without checking their certificate.',
    '允许个别集群在登记时跳过证书校验。',
  ),
  knownGood: setting(
    'DROVER_KNOWN_GOOD',
    url('https'),
    undefined,
    'both',
    'An address known to work: where it fails too, the fault is on Drover’s side.',
    '已知可用的地址：若它也失败，则问题在 Drover 一侧。',
  ),
  clusterTargets: setting(
    'DROVER_CLUSTER_TARGETS',
    list(target),
    [],
    'both',
    'What may be dialled for clusters, controllers and metrics servers, on top of the defaults.',
    '在默认规则之外，允许为集群、控制器和指标服务器拨号的目标。',
  ),
  webhookTargets: setting(
    'DROVER_WEBHOOK_TARGETS',
    list(target),
    [],
    'both',
    'What may be dialled for webhooks and OIDC issuers, on top of the defaults.',
    '在默认规则之外，允许为 webhook 和 OIDC 签发者拨号的目标。',
  ),
  logLevel: setting(
    'DROVER_LOG_LEVEL',
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'both',
    'The least severe log lines to write.',
    '输出日志的最低级别。',
  ),
};

/** A value for every setting of a table, `undefined` where it has none and none was given. */
export type Values<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T, infer Default>
    ? Default extends undefined
      ? T | undefined
      : T
    : never;
};

/** What the program reads. */
export interface Settings extends Values<typeof settingsTable> {
  /** What is given of `controllerTable`, as it is: a mistake in there is that one membership's trouble alone. */
  readonly controller: ControllerGiven;
}

/** By the names of the environment. */
export type ControllerGiven = Readonly<Record<string, string>>;
