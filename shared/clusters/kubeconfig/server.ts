import type { Text } from '#errors';

const mostCharacters = 2_048;

/** The address as it is dialled, without a slash at its end, or what is wrong with it. Never repeats it. */
export function readServer(text: string): { value: string } | { reason: Text | 'http' } {
  if (text === '') return { reason: reasons.missing };
  if (text.length > mostCharacters || /[\s\\\p{Cc}]/u.test(text)) return { reason: reasons.form };
  if (/^http:/i.test(text)) return { reason: 'http' };
  if (!/^https:\/\/[^/]/i.test(text)) return { reason: reasons.scheme };
  if (/^[^?#]*:\/\/[^/?#]*@/.test(text)) return { reason: reasons.userInfo };
  if (/[?#]/.test(text)) return { reason: reasons.query };
  const url = URL.parse(text);
  return url?.hostname ? { value: url.href.replace(/\/+$/, '') } : { reason: reasons.form };
}

const reasons = {
  missing: { en: 'is missing', zh: '缺失' },
  form: { en: 'is not an address', zh: '不是地址' },
  scheme: { en: 'does not begin with https://', zh: '不以 https:// 开头' },
  userInfo: {
    en: 'holds a user name or password; credentials have their own fields',
    zh: '包含用户名或密码；凭据另有字段',
  },
  query: { en: 'has a query or a fragment', zh: '包含查询参数或片段' },
} as const satisfies Record<string, Text>;
