import { netError } from '#net';

export interface SplitProxy {
  /** May be shown. */
  readonly proxy: string;
  /** As it stands in the address, so that put back it is the same. */
  readonly proxyCredential?: string;
}

/** Takes what is secret out of a proxy's address. */
export function splitProxy(text: string): SplitProxy {
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  const isProxy = url?.hostname && ['http:', 'https:'].includes(url.protocol);
  if (!isProxy || url.pathname !== '/' || url.search || url.hash) throw netError('PROXY_INVALID');
  const { username, password, origin } = url;
  if (username === '' && password === '') return { proxy: origin };
  return { proxy: origin, proxyCredential: `${username}:${password}` };
}

export const proxyWith = (proxy: string, credential: string | undefined): string =>
  credential === undefined ? proxy : proxy.replace('://', () => `://${credential}@`);
