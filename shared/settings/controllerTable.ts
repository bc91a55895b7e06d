import {
  fingerprint,
  flag,
  host,
  hostPort,
  httpsUrl,
  integer,
  type Kind,
  oneOf,
  port,
  text,
} from './kinds.ts';
import { type Setting, setting, type Values } from './table.ts';

/** An identifier that becomes part of a cluster's name and of an address. */
const storeId: Kind<string> = {
  shape: { en: 'letters, digits and hyphens, at most 50', zh: '字母、数字和连字符，最多 50 个' },
  read: (given) => (/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/i.test(given) ? given : undefined),
};

/** As `X-Auth-Apikey` takes it, or a reference. */
const apiKey: Kind<string> = {
  shape: { en: 'NAME:SECRET', zh: '名称:密钥' },
  read: (given) => (/^[^:\s]+:\S+$/.test(given) ? given : undefined),
};

const secret = <T>(of: Setting<T, undefined>): Setting<T, undefined> => ({ ...of, isSecret: true });

/**
 * One NeuVector controller, by the names that earlier programs had. What is wrong in here keeps nothing from starting:
 * whoever makes a membership of it says so there.
 */
export const controllerTable = {
  service: setting(
    'CTRL_API_SERVICE',
    hostPort,
    undefined,
    'both',
    'REST API of the controller. Where it is set, there is a membership `default`, which these settings describe.',
    '控制器的 REST API。设置后即有名为 `default` 的成员，由本组设置描述。',
  ),
  username: setting('CTRL_USERNAME', text, 'admin', 'both', 'User at the controller.', '控制器的用户名。'),
  password: secret(
    setting(
      'CTRL_PASSWORD',
      text,
      undefined,
      'both',
      'The user’s password. Secret, or a reference to one.',
      '该用户的密码。机密，可写引用。',
    ),
  ),
  apiKey: secret(
    setting(
      'CTRL_API_KEY',
      apiKey,
      undefined,
      'both',
      'API key in place of user and password, which it beats. Secret, or a reference to one.',
      '代替用户名和密码的 API 密钥，优先使用。机密，可写引用。',
    ),
  ),
  ca: setting(
    'CTRL_CA',
    text,
    undefined,
    'both',
    'CA of the controller’s certificate as PEM, or a reference such as `file:/path`. Without it and CTRL_FINGERPRINT public CAs alone are trusted.',
    '控制器证书的 CA（PEM），或 `file:/路径` 等引用。两者都不设置时只信任公共 CA。',
  ),
  fingerprint: setting(
    'CTRL_FINGERPRINT',
    fingerprint,
    undefined,
    'both',
    'SHA-256 of the controller’s own certificate, in place of a CA.',
    '控制器自身证书的 SHA-256，代替 CA。',
  ),
  tlsServerName: setting(
    'CTRL_TLS_SERVER_NAME',
    host,
    undefined,
    'both',
    'Name in the controller’s certificate, where it is not the one that is dialled.',
    '控制器证书中的名称（与所拨地址不同时）。',
  ),
  isJoining: setting(
    'ENABLE_FED_JOIN',
    flag,
    false,
    'both',
    'Joins the controller into a federation. Without it: metrics alone.',
    '将控制器加入联邦；否则仅提供指标。',
  ),
  storeId: setting(
    'PAAS_STORE_ID',
    storeId,
    undefined,
    'both',
    'Store id: the cluster’s name in the federation is this and a suffix that is drawn once. Needed to join.',
    '门店标识：集群在联邦中的名称为此标识加一次性生成的后缀。加入联邦时必填。',
  ),
  token: secret(
    setting(
      'JOIN_TOKEN',
      text,
      undefined,
      'both',
      'Join token of the primary. To join, this or JOIN_TOKEN_URL is needed. Secret, or a reference to one.',
      '主集群的加入令牌。加入联邦时须设置此项或 JOIN_TOKEN_URL。机密，可写引用。',
    ),
  ),
  tokenUrl: setting(
    'JOIN_TOKEN_URL',
    httpsUrl,
    undefined,
    'both',
    'Where a new join token is fetched: JSON with `context` or `join_token`, or plain text.',
    '获取新加入令牌的地址：含 `context` 或 `join_token` 的 JSON，或纯文本。',
  ),
  advertisedServer: setting(
    'JOINT_REST_SERVER',
    host,
    undefined,
    'both',
    'Under which the primary reaches this controller. Without it: `cn-wukong-r{PAAS_STORE_ID}.mcd.store`; with JOIN_CONTRACT=master, whose primary that is, it is needed.',
    '主集群访问本控制器所用的地址；默认 `cn-wukong-r{PAAS_STORE_ID}.mcd.store`；JOIN_CONTRACT=master 时该地址属于主集群，因此必须设置。',
  ),
  advertisedPort: setting(
    'JOINT_REST_PORT',
    port,
    undefined,
    'both',
    'Port of that. Without it: 443.',
    '上述地址的端口，默认 443。',
  ),
  laterServer: setting(
    'JOIN_ADDRESS',
    host,
    undefined,
    'both',
    'Later name of JOINT_REST_SERVER, which it beats.',
    'JOINT_REST_SERVER 的后来名称，优先使用。',
  ),
  laterPort: setting(
    'JOIN_PORT',
    port,
    undefined,
    'both',
    'Later name of JOINT_REST_PORT, which it beats.',
    'JOINT_REST_PORT 的后来名称，优先使用。',
  ),
  primaryServer: setting(
    'MASTER_CLUSTER_ADDRESS',
    host,
    undefined,
    'both',
    'The primary’s federation address. Without it: as the token says.',
    '主集群的联邦地址；默认取自令牌。',
  ),
  primaryPort: setting(
    'MASTER_CLUSTER_PORT',
    port,
    443,
    'both',
    'Port of MASTER_CLUSTER_ADDRESS.',
    'MASTER_CLUSTER_ADDRESS 的端口。',
  ),
  primaryCa: setting(
    'MASTER_CLUSTER_CA',
    text,
    undefined,
    'both',
    'CA of the primary’s certificate as PEM or reference. Only JOIN_CONTRACT=master sends it anything from here.',
    '主集群证书的 CA（PEM 或引用）。仅 JOIN_CONTRACT=master 时直接访问主集群。',
  ),
  contract: setting(
    'JOIN_CONTRACT',
    oneOf('controller', 'master'),
    'controller',
    'both',
    'Who is asked to join: the own controller, as NeuVector does it, or the primary, as the earlier text says.',
    '向谁发送加入请求：自身控制器（NeuVector 的做法）或主集群（早期文档的说法）。',
  ),
  stayJoined: setting(
    'STAY_JOINED',
    oneOf('no', 'mend', 'always'),
    'mend',
    'both',
    'What is done about a membership that is broken later: nothing, mend it, or also join again after being put out.',
    '加入后出现问题时：不处理、修复，或被移出后也重新加入。',
  ),
  maxAttempts: setting(
    'MAX_JOIN_RETRIES',
    integer(1, 1000),
    10,
    'both',
    'Tries until joining has failed.',
    '判定加入失败前的尝试次数。',
  ),
  exporterPort: setting(
    'EXPORTER_PORT',
    port,
    undefined,
    'local',
    'Port at which `npm start` serves this controller’s metrics at /metrics, on loopback and without a token.',
    '`npm start` 在本机此端口的 /metrics 提供该控制器的指标，无需令牌。',
  ),
  enforcerStats: setting(
    'ENFORCER_STATS',
    flag,
    false,
    'both',
    'Processor and memory of each enforcer among these metrics: one request per enforcer.',
    '指标中包含每个 enforcer 的 CPU 和内存：每个 enforcer 一次请求。',
  ),
};

export type ControllerSettings = Values<typeof controllerTable>;
