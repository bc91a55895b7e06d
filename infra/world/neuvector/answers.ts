import type { ApiAnswer } from '../kubernetes/api.ts';
import { sortedJson } from '../kubernetes/json.ts';
import { type Refusal, textOfCode } from './codes.ts';

const headers = { 'content-type': 'application/json' };

/** Success with nothing to tell: no body, and JSON all the same. */
export const empty = (status = 200): ApiAnswer => ({ status, headers, body: '' });

export const json = (value: unknown, status = 200): ApiAnswer => ({
  status,
  headers,
  body: sortedJson(value),
});

export const refused = ({ status, code, message, more }: Refusal): ApiAnswer =>
  json({ code, error: textOfCode(code), message, ...more }, status);

/** As Go's routers send those who end a path with a stroke to where it is. */
export const moved = (method: string, to: string): ApiAnswer => {
  const isRead = method === 'GET' || method === 'HEAD';
  return {
    status: isRead ? 301 : 307,
    headers: { location: to, ...(isRead && { 'content-type': 'text/html; charset=utf-8' }) },
    body: isRead ? `<a href="${to}">Moved Permanently</a>.\n\n` : '',
  };
};
