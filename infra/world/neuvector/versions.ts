const parts = (version: string): number[] => version.split('.').map(Number);

export function isBefore(version: string, other: string): boolean {
  const [one, two] = [parts(version), parts(other)];
  const at = two.findIndex((part, i) => part !== one[i]);
  return at >= 0 && (one[at] ?? 0) < two[at]!;
}

/** Which versions can be in one federation: those with the same word. Each from its version on, the oldest first. */
const kvVersions = [
  { from: '5.1.0', word: '28ea479c' },
  { from: '5.4.3', word: 'G7B5S135' },
  { from: '5.4.5', word: '94444768' },
  { from: '5.6.0', word: 'BB38FD65' },
] as const;

export const kvVersionOf = (version: string): string =>
  (kvVersions.findLast(({ from }) => !isBefore(version, from)) ?? kvVersions[0]).word;

/** Which side must be upgraded for the two to be in one federation; a word nobody knows is of a later version, and none of an earlier. */
export function tooOld(primary: string, member: string): 'primary' | 'member' | undefined {
  if (primary === member) return undefined;
  const age = (word: string) => {
    const at = kvVersions.findIndex((known) => known.word === word);
    return at < 0 && word !== '' ? kvVersions.length : at;
  };
  return age(primary) < age(member) ? 'primary' : 'member';
}

/** Until then a session that was over was told so by 408. */
export const expiredStatus = (version: string): number => (isBefore(version, '5.4.1') ? 408 : 401);

export const unreachableStatus = (version: string): number => (isBefore(version, '5.1.0') ? 503 : 400);

/** OpenSSL speaks 1.1 only where its level of security is lowered. */
export const tlsContext = (version: string) =>
  isBefore(version, '5.6.0')
    ? ({ minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const)
    : ({ minVersion: 'TLSv1.3' } as const);

export const knowsKeys = (version: string): boolean => !isBefore(version, '5.2.0');
