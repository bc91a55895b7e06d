import type { MembershipData, tokenSources } from '../model.ts';

export type TokenSource = (typeof tokenSources)[number];

/** Where a membership's token comes from: what was given before what can be fetched, unless that was refused. */
export function sourceOf(
  { wish, isTokenRenewed }: Pick<MembershipData, 'wish' | 'isTokenRenewed'>,
  anew = false,
): TokenSource | undefined {
  if (!wish) return undefined;
  if (wish.tokenGivenAt !== null && !anew && !isTokenRenewed) return 'given';
  if (wish.tokenUrl !== null) return 'url';
  return wish.primary?.rest && wish.primary.credential ? 'primary' : undefined;
}
