import { type Catalogue, errorsOf } from '#errors';

/** What can be wrong with what a membership is given, and why a controller lets nobody in. No value of a secret is told. */
export const accessErrors = {
  MEMBERSHIP_INCOMPLETE: {
    status: 422,
    title: { en: 'The membership cannot work like this', zh: '该成员关系无法使用' },
    message: {
      en: 'Something is missing or wrong: {fields}.',
      zh: '有缺失或错误的内容：{fields}。',
    },
    remedy: {
      en: 'See "errors" for each. With join: false only "controller" is needed; with join: true also storeId or clusterName, and a way to a token.',
      zh: '各项详见 "errors"。join: false 时只需要 "controller"；join: true 时还需要 storeId 或 clusterName，以及获取令牌的途径。',
    },
  },
  FIELD_NEEDED: {
    status: 422,
    title: { en: 'Something is missing', zh: '缺少内容' },
    message: { en: '{at} is missing: {why}.', zh: '缺少 {at}：{why}。' },
    remedy: { en: 'Give it in the same request.', zh: '请在同一请求中提供。' },
  },
  FIELDS_APART: {
    status: 422,
    title: { en: 'Two things that do not go together', zh: '两项内容互斥' },
    message: {
      en: '{at} and {other} do not go together: {why}.',
      zh: '{at} 与 {other} 不能同时使用：{why}。',
    },
    remedy: { en: 'Give one of them.', zh: '请只提供其中之一。' },
  },
  FIELD_WRONG: {
    status: 422,
    title: { en: 'A value is not valid', zh: '值无效' },
    message: { en: 'The value of {at} {reason}.', zh: '{at} 的值{reason}。' },
    remedy: {
      en: 'Addresses are host:port, such as 10.20.0.5:10443 or [2001:db8::5]:10443, without https:// and path.',
      zh: '地址格式为 host:port，例如 10.20.0.5:10443 或 [2001:db8::5]:10443，不含 https:// 和路径。',
    },
  },
  CONTROLLER_CLUSTER_UNKNOWN: {
    status: 422,
    title: { en: 'No such cluster', zh: '没有该集群' },
    message: {
      en: 'controller.cluster names {cluster}, and no cluster is registered so.',
      zh: 'controller.cluster 指定了 {cluster}，但没有注册该集群。',
    },
    remedy: {
      en: 'Give the name or id of a registered cluster: GET /api/v1/clusters',
      zh: '请填写已注册集群的名称或 ID：GET /api/v1/clusters',
    },
  },
  TOKEN_WITHOUT_TICKET: {
    status: 422,
    title: { en: 'The join token holds no ticket', zh: '加入令牌中没有票据' },
    message: {
      en: 'The token says where the primary is ({server}:{port}), and holds no ticket: a controller refuses it.',
      zh: '令牌只说明了主集群的位置（{server}:{port}），不含票据：控制器会拒绝它。',
    },
    remedy: {
      en: 'Copy the whole token that the primary makes (Generate Token, or GET /v1/fed/join_token). For a gateway that takes tokens of the earlier form: contract "master".',
      zh: '请完整复制主集群生成的令牌（“生成令牌”，或 GET /v1/fed/join_token）。若网关接受旧格式的令牌，请使用 contract "master"。',
    },
  },
  MEMBERSHIP_SECRET_MISSING: {
    status: 500,
    title: { en: 'What is stored of the membership is not there', zh: '找不到成员关系所存储的秘密' },
    message: {
      en: 'What was sealed of {id}, version {version}, is not there or is none.',
      zh: '{id} 版本 {version} 的秘密不存在或内容无效。',
    },
    remedy: {
      en: 'If it was changed at that moment, try again. Otherwise give controller, primary and token again: PATCH /api/v1/joins/{id}',
      zh: '若恰好正在更改，请重试；否则请重新提供 controller、primary 和 token：PATCH /api/v1/joins/{id}',
    },
  },
  PRIMARY_NOT_GIVEN: {
    status: 409,
    title: { en: 'The primary cannot be asked', zh: '无法访问主集群' },
    message: {
      en: 'The membership {name} has no address and credential of its primary’s REST API.',
      zh: '成员关系 {name} 没有主集群 REST API 的地址与凭据。',
    },
    remedy: {
      en: 'Give primary.rest and primary.credential.',
      zh: '请提供 primary.rest 与 primary.credential。',
    },
  },
  SIGN_IN_REFUSED: {
    status: 502,
    title: { en: 'The controller refused the sign-in', zh: '控制器拒绝登录' },
    message: {
      en: '{place} refused {user} at {when}: wrong user or password, or more than 32 sessions. It is not tried again with this password.',
      zh: '{place} 于 {when} 拒绝了 {user} 的登录：用户名或密码错误，或会话超过 32 个。不会再用此密码尝试。',
    },
    remedy: {
      en: 'Give the right credential (PATCH; where the environment gives it: there). Five wrong tries block the account for an hour, so nothing is repeated by itself. If this one was right, or is right by now, give it again 65 minutes after the last try: it is then sent once more.',
      zh: '请提供正确的凭据（PATCH；若来自环境变量则在环境中更正）。五次错误会使账户锁定一小时，因此不会自动重试。若密码本就无误或现已生效，请在上次尝试 65 分钟后再次提供：届时会再试一次。',
    },
  },
  ACCOUNT_BLOCKED: {
    status: 502,
    title: { en: 'The account is blocked', zh: '账户已被锁定' },
    message: {
      en: '{place} has blocked {user} because of too many wrong passwords. Nobody tries before {until}: each try would block it for another hour.',
      zh: '{place} 因多次密码错误锁定了 {user}。{until} 之前不会尝试：每次尝试都会再锁定一小时。',
    },
    remedy: {
      en: 'Find out who uses a wrong password. After {until} give the credential again (PATCH): it is then tried once more. An API key is never blocked.',
      zh: '请查明何处使用了错误的密码。{until} 之后请再次提供凭据（PATCH），届时会再试一次。API 密钥不会被锁定。',
    },
  },
  PASSWORD_EXPIRED: {
    status: 502,
    title: { en: 'The password has expired', zh: '密码已过期' },
    message: {
      en: '{place} does not let {user} in: the password has expired.',
      zh: '{place} 不允许 {user} 登录：密码已过期。',
    },
    remedy: {
      en: 'Set another password in NeuVector and give it here (PATCH), or an API key.',
      zh: '请在 NeuVector 中设置新密码并在此提供（PATCH），或使用 API 密钥。',
    },
  },
  SIGN_IN_HELD: {
    status: 502,
    title: { en: 'No more sign-ins for now', zh: '暂不再尝试登录' },
    message: {
      en: '{count} sign-ins of {user} at {place} came to nothing, the last at {when}: another two could block the account for everybody.',
      zh: '{user} 在 {place} 的 {count} 次登录未成功，最近一次在 {when}：再失败两次可能会为所有人锁定该账户。',
    },
    remedy: {
      en: 'See that every membership with this account has the right password, and sign in once by hand, which sets NeuVector’s count back. Then, from {until} on, give the credential again (PATCH). An API key is never blocked.',
      zh: '请确认使用该账户的每个成员关系密码正确，并手动登录一次以清零 NeuVector 的计数。然后在 {until} 之后再次提供凭据（PATCH）。API 密钥不会被锁定。',
    },
  },
  SIGN_IN_BUSY: {
    status: 503,
    title: { en: 'Somebody else is signing in', zh: '其他进程正在登录' },
    message: {
      en: 'Another process of Drover is signing {user} in at {place}, and has not done so yet.',
      zh: 'Drover 的另一进程正在 {place} 登录 {user}，尚未完成。',
    },
    remedy: { en: 'It is tried again.', zh: '将自动重试。' },
  },
  SESSIONS_LEFT_OPEN: {
    status: 503,
    title: { en: 'Too many sessions were left open', zh: '遗留的会话过多' },
    message: {
      en: '{count} sessions of {user} at {place} were opened and lost; until {until} no more are.',
      zh: '{user} 在 {place} 有 {count} 个会话打开后丢失；{until} 之前不再打开新会话。',
    },
    remedy: {
      en: 'They end by themselves. See why answers of the controller are lost; an API key needs no session.',
      zh: '它们会自行结束。请查明控制器的响应为何丢失；使用 API 密钥无需会话。',
    },
  },
  API_KEY_REFUSED: {
    status: 502,
    title: { en: 'The controller refused the API key', zh: '控制器拒绝了 API 密钥' },
    message: {
      en: '{place} does not know the API key {user}, or it has expired. It is not sent again.',
      zh: '{place} 不认识 API 密钥 {user}，或密钥已过期。不会再次发送。',
    },
    remedy: {
      en: 'Give a valid key (PATCH). Keys need NeuVector 5.2 or later, and are of one installation. If this one was made valid again, give it again.',
      zh: '请提供有效的密钥（PATCH）。密钥需要 NeuVector 5.2 或更高版本，且仅属于一个安装。若该密钥已恢复有效，请再次提供。',
    },
  },
} as const satisfies Catalogue;

export const accessError = errorsOf(accessErrors);
export type AccessCode = keyof typeof accessErrors;

const refusals: ReadonlySet<string> = new Set([
  'SIGN_IN_REFUSED',
  'ACCOUNT_BLOCKED',
  'PASSWORD_EXPIRED',
  'PASSWORD_MUST_CHANGE',
  'SIGN_IN_HELD',
  'API_KEY_REFUSED',
] satisfies (AccessCode | 'PASSWORD_MUST_CHANGE')[]);

/** Whether it says that a credential is not to be tried again by itself. */
export const isRefused = (code: string): boolean => refusals.has(code);
