import { type Catalogue, errorsOf } from '#errors';

/** Why a caller is not let in. None says whether a token exists that was not proven to be held. */
export const authErrors = {
  SIGN_IN_NEEDED: {
    status: 401,
    title: { en: 'Sign-in needed', zh: '需要登录' },
    message: {
      en: 'This route needs to know who calls, and the request carries no credential.',
      zh: '此路径需要身份凭据，而请求中没有。',
    },
    remedy: {
      en: 'Send "Authorization: Bearer drv_…" with an API token, or sign in at /sign-in.',
      zh: '请发送请求头 "Authorization: Bearer drv_…"（API 令牌），或在 /sign-in 登录。',
    },
  },
  AUTHORIZATION_MALFORMED: {
    status: 401,
    title: { en: 'Authorization header not understood', zh: '无法识别 Authorization 请求头' },
    message: {
      en: 'The Authorization header must be "Bearer", a space and one token.',
      zh: 'Authorization 请求头必须是 "Bearer"、一个空格和一个令牌。',
    },
    remedy: {
      en: 'Check how the header is put together; other schemes are not offered.',
      zh: '请检查该请求头的拼写；不支持其他认证方式。',
    },
  },
  TOKEN_MISTYPED: {
    status: 401,
    title: { en: 'Token mistyped', zh: '令牌有误' },
    message: {
      en: 'The token’s checksum does not fit: it was cut short, mistyped or made up.',
      zh: '令牌校验和不符：可能被截断、输入错误或系伪造。',
    },
    remedy: {
      en: 'Copy the whole token again, from "drv_" on: 65 characters.',
      zh: '请重新完整复制令牌：自 "drv_" 起共 65 个字符。',
    },
  },
  TOKEN_REFUSED: {
    status: 401,
    title: { en: 'Token refused', zh: '令牌被拒绝' },
    message: {
      en: 'The token is not, or no longer, valid: revoked, rotated, or never given out here.',
      zh: '令牌无效：已撤销、已轮换，或并非由此处签发。',
    },
    remedy: {
      en: 'Ask an administrator for a new token: POST /api/v1/tokens.',
      zh: '请向管理员申请新令牌：POST /api/v1/tokens。',
    },
  },
  TOKEN_EXPIRED: {
    status: 401,
    title: { en: 'Token expired', zh: '令牌已过期' },
    message: { en: 'The token expired at {at}.', zh: '令牌已于 {at} 过期。' },
    remedy: {
      en: 'Rotate it (POST /api/v1/tokens/{id}/rotate) or sign in again.',
      zh: '请轮换令牌（POST /api/v1/tokens/{id}/rotate）或重新登录。',
    },
  },
  OIDC_TOKEN_REFUSED: {
    status: 401,
    title: { en: 'Access token refused', zh: '访问令牌被拒绝' },
    message: {
      en: 'The access token of the identity provider was refused: {reason}.',
      zh: '身份提供方的访问令牌被拒绝：{reason}。',
    },
    remedy: {
      en: 'Get a new access token from the provider for this audience; check DROVER_OIDC_ISSUER and DROVER_OIDC_AUDIENCE.',
      zh: '请向身份提供方重新获取针对本受众的令牌，并检查 DROVER_OIDC_ISSUER 与 DROVER_OIDC_AUDIENCE。',
    },
  },
  OIDC_NOT_CONFIGURED: {
    status: 401,
    title: { en: 'No identity provider configured', zh: '未配置身份提供方' },
    message: {
      en: 'The request carries what looks like an access token of an identity provider, but none is configured.',
      zh: '请求携带的似乎是身份提供方的访问令牌，但此处未配置身份提供方。',
    },
    remedy: {
      en: 'Use an API token (drv_…), or have DROVER_OIDC_ISSUER and DROVER_OIDC_AUDIENCE set.',
      zh: '请使用 API 令牌（drv_…），或设置 DROVER_OIDC_ISSUER 与 DROVER_OIDC_AUDIENCE。',
    },
  },
  OIDC_UNAVAILABLE: {
    status: 503,
    title: { en: 'Identity provider not reachable', zh: '身份提供方不可达' },
    message: {
      en: 'The identity provider did not give its keys, so the access token cannot be checked.',
      zh: '身份提供方未提供公钥，无法验证访问令牌。',
    },
    remedy: {
      en: 'Try again shortly. API tokens (drv_…) work meanwhile.',
      zh: '请稍后重试；在此期间 API 令牌（drv_…）可用。',
    },
  },
  OIDC_ROLE_MISSING: {
    status: 403,
    title: { en: 'No role given', zh: '未授予角色' },
    message: {
      en: 'The access token is valid, but its claim "{claim}" names none of viewer, operator, admin.',
      zh: '访问令牌有效，但其声明 "{claim}" 未包含 viewer、operator 或 admin。',
    },
    remedy: {
      en: 'Have the identity provider put a role into that claim, or name the right claim in DROVER_OIDC_ROLE_CLAIM.',
      zh: '请让身份提供方在该声明中写入角色，或在 DROVER_OIDC_ROLE_CLAIM 中指定正确的声明。',
    },
  },
  SESSION_ENDED: {
    status: 401,
    title: { en: 'Session ended', zh: '会话已结束' },
    message: { en: 'The browser session has ended.', zh: '浏览器会话已结束。' },
    remedy: { en: 'Sign in again at /sign-in.', zh: '请在 /sign-in 重新登录。' },
  },
  SIGN_IN_LINK_USED: {
    status: 401,
    title: { en: 'Sign-in link not valid', zh: '登录链接无效' },
    message: {
      en: 'The sign-in link has been used, has expired, or was cut short.',
      zh: '登录链接已被使用、已过期或不完整。',
    },
    remedy: {
      en: 'Ask for a new one, or sign in with an API token.',
      zh: '请获取新的链接，或用 API 令牌登录。',
    },
  },
  ROLE_TOO_LOW: {
    status: 403,
    title: { en: 'Not allowed', zh: '无权限' },
    message: {
      en: 'This needs the role {needed}; the caller is {role}.',
      zh: '此操作需要角色 {needed}；当前为 {role}。',
    },
    remedy: {
      en: 'Use a token with that role, or ask an administrator.',
      zh: '请使用具有该角色的令牌，或联系管理员。',
    },
  },
  OUT_OF_REACH: {
    status: 403,
    title: { en: 'Outside this token’s labels', zh: '超出此令牌的标签范围' },
    message: {
      en: 'This token is bound to "{selector}", and the record would not match it.',
      zh: '此令牌仅限于 "{selector}"，而该记录将不匹配。',
    },
    remedy: {
      en: 'Give the record labels that match, or use a token without that bound.',
      zh: '请为记录设置匹配的标签，或使用无此限制的令牌。',
    },
  },
  CSRF_REFUSED: {
    status: 403,
    title: { en: 'Not from Drover’s own page', zh: '请求并非来自 Drover 页面' },
    message: {
      en: 'A write signed in by cookie must come from Drover’s own pages and carry the header X-Drover-Csrf.',
      zh: '使用 Cookie 的写操作必须来自 Drover 自身页面并带有 X-Drover-Csrf 请求头。',
    },
    remedy: {
      en: 'Scripts: use an API token in the Authorization header instead of a cookie.',
      zh: '脚本请使用 Authorization 请求头中的 API 令牌，而非 Cookie。',
    },
  },
  TOO_MANY_FAILURES: {
    status: 429,
    title: { en: 'Too many failed sign-ins', zh: '登录失败次数过多' },
    message: {
      en: 'Too many requests with credentials that are not valid came from this address or for this token.',
      zh: '来自此地址或针对此令牌的无效凭据请求过多。',
    },
    remedy: {
      en: 'Wait as long as Retry-After says. A valid token works at once.',
      zh: '请按 Retry-After 等待；有效令牌可立即使用。',
    },
  },
} as const satisfies Catalogue;

export const authError = errorsOf(authErrors);
