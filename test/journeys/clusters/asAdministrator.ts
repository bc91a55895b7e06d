import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Drover } from '../drover.ts';
import type { Call } from './stage.ts';

/** Requests to a running Drover, with the token of its data folder. */
export async function asAdministrator({ address, data }: Pick<Drover, 'address' | 'data'>): Promise<Call> {
  const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
}
