import type { Text } from '#errors';

export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
  /** An old key with a passphrase: its content is not readable. */
  readonly isEncrypted: boolean;
}

/** What a text holds, or why it cannot be told, as the end of a sentence. */
export type Read<T> = { readonly value: T } | { readonly reason: Text };

const mostCharacters = 256 * 1024;

/**
 * The PEM blocks of a text. OpenSSL, and so Node, skips what it cannot read without a word; here all that is not a
 * whole block is refused, but for explanations between blocks. Line ends and indentation may be any: what is kept is
 * written anew.
 */
export function pemBlocks(text: string): Read<PemBlock[]> {
  if (text.length > mostCharacters) return { reason: tooLarge };
  const parts = text.split('-----');
  if (parts.length === 1) return { reason: withoutBlocks(text) };
  if (parts.length % 4 !== 1) return { reason: cutOff };
  const blocks: PemBlock[] = [];
  for (let i = 1; i < parts.length; i += 4) {
    const label = /^BEGIN ([A-Z0-9 ]{1,40})$/.exec(parts[i]!)?.[1];
    if (label === undefined || parts[i + 2] !== `END ${label}`) return { reason: cutOff };
    const isEncrypted = /^\s*Proc-Type:/.test(parts[i + 1]!);
    const der = isEncrypted ? Buffer.alloc(0) : strictBase64(parts[i + 1]!.replace(/\s+/g, ''));
    if (der === undefined) return { reason: damaged };
    blocks.push({ label, der, isEncrypted });
  }
  return { value: blocks };
}

/** The bytes that base64 stands for, where every character counts; undefined where it is none. */
export function strictBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** Other forms of the same thing are named, so that the reader knows what to do. */
function withoutBlocks(text: string): Text {
  if (text.startsWith('0\x82') || text.startsWith('0\ufffd')) return isDer;
  const bytes = strictBase64(text.replace(/\s+/g, ''));
  if (bytes?.[0] === 0x30) return withoutLines;
  if (bytes?.toString('latin1').trimStart().startsWith('-----BEGIN')) return isBase64OfPem;
  if (bytes?.toString('latin1').startsWith('LS0tLS1CRUdJTi')) return isBase64OfPem;
  return noPem;
}

const tooLarge: Text = { en: 'is larger than 256 kB', zh: '超过 256 kB' };
const cutOff: Text = {
  en: 'is cut off or put together wrongly: a BEGIN line without its END line, or the other way round',
  zh: '不完整或拼接有误：BEGIN 行与 END 行不成对',
};
const damaged: Text = {
  en: 'is damaged: between BEGIN and END there is something that is not base64',
  zh: '已损坏：BEGIN 与 END 之间的内容不是 base64',
};
const isDer: Text = { en: 'is DER, and PEM was expected', zh: '是 DER 格式，应为 PEM' };
const withoutLines: Text = {
  en: 'has no BEGIN and END lines around its base64',
  zh: '缺少 base64 前后的 BEGIN 和 END 行',
};
const isBase64OfPem: Text = {
  en: 'is PEM in base64 once more: decode it first',
  zh: '是再次经过 base64 编码的 PEM：请先解码',
};
const noPem: Text = { en: 'is not PEM', zh: '不是 PEM' };
