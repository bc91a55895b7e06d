import type { AppContext } from './appEnv.ts';
import { httpError } from './errors.ts';

export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that If-Match names; undefined where it is absent or `*`. A tag that none of ours can be, a weak one
 * included, is answered as a version that no record has, so that the write is refused as stale.
 */
export function ifMatchOf(c: AppContext, isRequired: boolean): number | undefined {
  const given = c.req.header('if-match')?.trim();
  if (given === undefined || given === '') {
    if (isRequired) throw httpError('IF_MATCH_NEEDED');
    return undefined;
  }
  if (given === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(given)?.[1];
  return version === undefined ? -1 : Number(version);
}

/** If-None-Match compares weakly, and takes a list. */
export function isUnchanged(c: AppContext, etag: string): boolean {
  const given = c.req.header('if-none-match');
  if (given === undefined) return false;
  return given.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
