import { type Catalogue, errorsOf } from '#errors';

export const coreErrors = {
  TOKEN_LIFE_TOO_LONG: {
    status: 422,
    title: { en: 'Token would live too long', zh: '令牌有效期过长' },
    message: {
      en: 'Tokens here may live {days} days at most; this one would live longer or for ever.',
      zh: '此处令牌的有效期最长为 {days} 天，而该令牌将更长或永久有效。',
    },
    remedy: {
      en: 'Give an earlier expiresAt, or have the setting tokenMaxDays changed.',
      zh: '请设置更早的 expiresAt，或修改设置 tokenMaxDays。',
    },
  },
  TOKEN_EXPIRY_PAST: {
    status: 422,
    title: { en: 'Expiry lies in the past', zh: '过期时间已过' },
    message: { en: 'expiresAt {at} has passed already.', zh: 'expiresAt {at} 已过。' },
    remedy: { en: 'Give a time ahead, or null for none.', zh: '请给出将来的时间，或用 null 表示不过期。' },
  },
  TOKEN_ADMIN_BOUND: {
    status: 422,
    title: { en: 'An administrator cannot be bound to labels', zh: '管理员不能限定标签' },
    message: {
      en: 'A token bound to labels is a viewer or an operator: an administrator could give itself a token without the bound.',
      zh: '限定标签的令牌只能是 viewer 或 operator：管理员可以为自己签发不受限的令牌。',
    },
    remedy: { en: 'Leave out selector, or choose another role.', zh: '请去掉 selector，或选择其他角色。' },
  },
  TOKEN_LAST_ADMIN: {
    status: 409,
    title: { en: 'Last administrator', zh: '最后一个管理员' },
    message: {
      en: 'No other API token with the role admin would be left.',
      zh: '操作后将不再有其他 admin 角色的 API 令牌。',
    },
    remedy: {
      en: 'Create another administrator’s token first, or repeat with ?force=true.',
      zh: '请先创建另一个管理员令牌，或加 ?force=true 重试。',
    },
  },
  ADMINISTRATOR_BUSY: {
    status: 409,
    title: { en: 'Administrator is being deleted', zh: '管理员令牌正在删除' },
    message: {
      en: 'The token "administrator" is just being deleted, or was not there to be replaced.',
      zh: '令牌 "administrator" 正在删除，或已不存在。',
    },
    remedy: { en: 'Try again in a few seconds.', zh: '请几秒后重试。' },
  },
  ADMINISTRATOR_THERE: {
    status: 409,
    title: { en: 'There is an administrator', zh: '管理员已存在' },
    message: {
      en: 'The first administrator’s token has been given out already.',
      zh: '第一个管理员的令牌已经签发。',
    },
    remedy: {
      en: 'Use it; where it was lost, ask again with "replace": true, which ends the lost one.',
      zh: '请使用该令牌；如已丢失，请附带 "replace": true 重试，旧令牌将失效。',
    },
  },
  CORE_CALL_UNKNOWN: {
    status: 400,
    title: { en: 'Core worker was asked something it does not know', zh: 'core 工作函数无法识别请求' },
    message: { en: 'The core worker does not know what it was asked.', zh: 'core 工作函数不认识该请求。' },
    remedy: {
      en: 'Deploy all functions in the same version; see docs/first-administrator.md for what may be asked.',
      zh: '请将所有函数部署为同一版本；可用请求见 docs/first-administrator.md。',
    },
  },
  CORE_WORKER_ANSWER: {
    status: 502,
    title: { en: 'Unexpected answer from the core worker', zh: 'core 工作函数的响应异常' },
    message: { en: 'The core worker answered something unexpected.', zh: 'core 工作函数的响应不符合预期。' },
    remedy: {
      en: 'Deploy all functions in the same version, then try again.',
      zh: '请将所有函数部署为同一版本后重试。',
    },
  },
} as const satisfies Catalogue;

export const coreError = errorsOf(coreErrors);
