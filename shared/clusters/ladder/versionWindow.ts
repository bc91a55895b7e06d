import { type Instant, iso } from '#time';

/** When Kubernetes' own minor versions came and when they get their last patch, by kubernetes.io/releases. */
const asOf = '2026-11-21';
const minors: readonly (readonly [minor: number, released: string, ends: string])[] = [
  [30, '2024-04-17', '2025-06-28'],
  [31, '2024-08-13', '2025-10-28'],
  [32, '2024-12-11', '2026-02-28'],
  [33, '2025-04-23', '2026-06-28'],
  [34, '2025-08-27', '2026-10-27'],
  [35, '2025-12-17', '2027-02-28'],
  [36, '2026-04-22', '2027-06-28'],
  [37, '2026-08-26', '2027-10-28'],
];

/** How far behind the newest minor version a cluster may be. */
const window = 3;

export interface VersionWindow {
  /** `1.34`; null where the version cannot be told. */
  readonly minor: string | null;
  /**
   * `ended`: Kubernetes patches it no more, the vendor may. `tooOld`: more than three behind. `unknown`: newer than
   * what is known here, or not to be told.
   */
  readonly standing: 'supported' | 'ended' | 'tooOld' | 'unknown';
  /** When Kubernetes ends it; null where that is not known. */
  readonly endsAt: string | null;
  readonly newest: string;
  readonly oldest: string;
  /** Of this table. */
  readonly asOf: string;
}

/** Where a version stands, whatever its vendor hung on it: `v1.34.1-eks-113cf36`, `v1.31.5+rke2r1`, `1.27+`. */
export function versionWindow(version: string | null, now: Instant): VersionWindow {
  const newest = minors.findLast(([, released]) => Date.parse(released) <= now) ?? minors[0]!;
  const oldest = newest[0] - window;
  const frame = { newest: `1.${newest[0]}`, oldest: `1.${oldest}`, asOf };
  const minor = minorOf(version);
  if (minor === null) return { minor: null, standing: 'unknown', endsAt: null, ...frame };
  const row = minors.find(([known]) => known === minor);
  const ends = row && Date.parse(row[2]);
  return {
    minor: `1.${minor}`,
    standing: standingOf(minor, oldest, ends, now),
    endsAt: ends === undefined ? null : iso(ends),
    ...frame,
  };
}

/** When Kubernetes itself ends a minor version; null where that is not known. */
export const supportEndOf = (version: string | null): string | null => versionWindow(version, 0).endsAt;

function standingOf(
  minor: number,
  oldest: number,
  ends: Instant | undefined,
  now: Instant,
): VersionWindow['standing'] {
  if (minor < oldest) return 'tooOld';
  if (ends === undefined) return 'unknown';
  return ends <= now ? 'ended' : 'supported';
}

function minorOf(version: string | null): number | null {
  const [, digits] = /^v?1\.(\d{1,3})(?!\d)/.exec(version ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
