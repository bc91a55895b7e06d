import type { Text } from '#errors';
import type { Net } from '#net';
import { accessError } from '../errors.ts';

/** `host:port`, IPv6 in brackets: as it is dialled, and only where that is allowed. */
export function readAddress(net: Pick<Net, 'check'>, at: string, text: string): string {
  if (!/^(?:\[[0-9a-f:.]+\]|[^\s/\\?#@:[\]]+):\d{1,5}$/i.test(text)) {
    throw accessError('FIELD_WRONG', { at, reason: /:\/\//.test(text) ? isUrl : notAddress });
  }
  if (!isPort(Number(text.slice(text.lastIndexOf(':') + 1)))) {
    throw accessError('FIELD_WRONG', { at, reason: notPort });
  }
  const { host, port } = net.check('cluster', `https://${text}`);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A host alone: a name, or an address without brackets. */
export function readHost(at: string, text: string): string {
  const isV6 = /^[0-9a-f:.]+$/i.test(text) && text.includes(':');
  const url = /[\s/\\?#@[\]%]/.test(text) ? null : URL.parse(`https://${isV6 ? `[${text}]` : text}`);
  if (!url?.hostname || url.port) throw accessError('FIELD_WRONG', { at, reason: notHost });
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

const notAddress: Text = { en: 'is not host:port', zh: '不是 host:port 形式' };
const isUrl: Text = { en: 'is a URL, and host:port was expected', zh: '是 URL，应为 host:port' };
const notHost: Text = { en: 'is not the name of a host', zh: '不是主机名' };
export const notPort: Text = { en: 'has no port between 1 and 65535', zh: '不含 1 到 65535 之间的端口' };
