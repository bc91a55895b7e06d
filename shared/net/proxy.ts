import type { Socket } from 'node:net';
import type { Text } from '#errors';
import { netError } from './errors.ts';

/** A proxy that was vetted: with one, nothing is dialled but its addresses. */
export interface VettedProxy {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly isTls: boolean;
  readonly addresses: readonly { address: string; family: 4 | 6 }[];
  /** Of the Proxy-Authorization header. */
  readonly authorization?: string;
}

/** `http://user:password@host:port`, as kubeconfigs name proxies; what comes back is yet to be vetted. */
export function parseProxy(text: string): {
  url: string;
  isTls: boolean;
  authorization?: string;
} {
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  const isTls = url?.protocol === 'https:';
  if (!url?.hostname || (!isTls && url.protocol !== 'http:')) throw netError('PROXY_INVALID');
  if (url.pathname !== '/' || url.search || url.hash) throw netError('PROXY_INVALID');
  const port = url.port || (isTls ? '443' : '80');
  const { username, password } = url;
  return {
    url: `https://${url.hostname}:${port}/`,
    isTls,
    ...(username || password ? { authorization: basic(username, password) } : {}),
  };
}

function basic(user: string, password: string): string {
  let plain: string;
  try {
    plain = `${decodeURIComponent(user)}:${decodeURIComponent(password)}`;
  } catch (error) {
    throw netError('PROXY_INVALID', {}, { cause: error });
  }
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}

/** More than any proxy has to say before the tunnel stands. */
const longestAnswer = 16_384;

/** Asks for a tunnel; resolves when it stands, with nothing read from it. */
export function openTunnel(
  socket: Socket,
  proxy: VettedProxy,
  target: { host: string; port: number },
): Promise<void> {
  const place = { host: proxy.host, port: proxy.port };
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const authorization = proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : '';
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const failed = (error: Error) => {
      stop();
      reject(error);
    };
    const gone = () => failed(netError('PROXY_BAD_GATEWAY', { ...place, reason: closed }));
    const read = (piece: Buffer) => {
      answer = Buffer.concat([answer, piece]);
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0 && answer.length <= longestAnswer) return;
      const status = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(answer.toString('latin1', 0, 64))?.[1];
      // With TLS it is for us to speak first: bytes behind the answer are not the target's.
      if (
        end < 0 ||
        end > longestAnswer ||
        status === undefined ||
        (status.startsWith('2') && end + 4 < answer.length)
      ) {
        failed(netError('PROXY_BAD_GATEWAY', { ...place, reason: notOfConnect }));
      } else if (status.startsWith('2')) {
        stop();
        resolve();
      } else {
        failed(refused(Number(status), place));
      }
    };
    const stop = () => {
      socket.pause();
      socket.off('data', read).off('end', gone).off('close', gone).off('error', failed);
    };
    socket.on('data', read).on('end', gone).on('close', gone).on('error', failed);
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  });
}

function refused(status: number, place: { host: string; port: number }) {
  if (status === 407) return netError('PROXY_AUTH_REQUIRED', place);
  if (status === 403) return netError('PROXY_DENIED', place);
  return netError('PROXY_BAD_GATEWAY', { ...place, reason: answered(status) });
}

const closed: Text = { en: 'it closed the connection', zh: '代理关闭了连接' };
const notOfConnect: Text = { en: 'its answer is not one to CONNECT', zh: '其响应不是对 CONNECT 的响应' };
const answered = (status: number): Text => ({ en: `it answered ${status}`, zh: `代理返回 ${status}` });
