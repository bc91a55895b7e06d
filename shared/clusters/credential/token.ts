import { type Read, strictBase64 } from '#certificates';
import type { Text } from '#errors';

const mostCharacters = 16 * 1024;

/**
 * A bearer token as it may stand in a header: white space around it goes, inside it is refused, and with it every
 * line end that would begin another header.
 */
export function readToken(text: string): Read<string> {
  const token = text.trim();
  if (token === '') return { reason: empty };
  if (/^bearer\s/i.test(token)) return { reason: scheme };
  if (/\s/.test(token)) return { reason: space };
  if (!/^[\x21-\x7e]+$/.test(token)) return { reason: characters };
  if (token.length > mostCharacters) return { reason: tooLong };
  if (token.startsWith('ZXlK') && /^eyJ[\w-]+\./.test(strictBase64(token)?.toString('latin1') ?? '')) {
    return { reason: encoded };
  }
  return { value: token };
}

const empty: Text = { en: 'is empty', zh: '为空' };
const scheme: Text = {
  en: 'begins with the word Bearer: give what follows it',
  zh: '以 Bearer 开头：请只填写其后的内容',
};
const space: Text = { en: 'has white space or a line end inside', zh: '中间含有空白或换行' };
const characters: Text = { en: 'has characters that no token has', zh: '含有令牌中不会出现的字符' };
const tooLong: Text = { en: 'is longer than 16 kB', zh: '超过 16 kB' };
const encoded: Text = {
  en: 'is a token in base64 once more, as a Secret shows it: decode it first',
  zh: '是再次经过 base64 编码的令牌（如 Secret 中所示）：请先解码',
};
