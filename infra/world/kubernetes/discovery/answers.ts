import { stringify } from 'yaml';
import type { ApiAnswer } from '../api.ts';

export const answer = (body: unknown, { isYaml }: { isYaml: boolean }): ApiAnswer => ({
  status: 200,
  headers: { 'content-type': isYaml ? 'application/yaml' : 'application/json' },
  body: isYaml
    ? stringify(body, { aliasDuplicateObjects: false, indentSeq: false, sortMapEntries: true })
    : `${JSON.stringify(body)}\n`,
});

/** As Go's `http.Error` answers. */
export const plain = (status: number, body: string): ApiAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

/** What no part of the server has anything to do with. */
export const pageNotFound = plain(404, '404 page not found\n');
