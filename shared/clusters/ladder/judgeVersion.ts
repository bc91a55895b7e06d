import type { Instant } from '#time';
import { found } from '../finding.ts';
import type { Judged } from './judged.ts';
import { versionWindow } from './versionWindow.ts';

/** An old version is told of and never refused: vendors patch longer than Kubernetes does. */
export function judgeVersion(version: string | null, now: Instant): Judged {
  const { minor, standing, endsAt, newest, oldest, asOf } = versionWindow(version, now);
  const evidence = { version, minor, standing, endsAt, newest, oldest, asOf };
  const shown = version ?? '';
  if (standing === 'tooOld') {
    return { warnings: [found('VERSION_TOO_OLD', { version: shown, oldest })], evidence };
  }
  if (standing !== 'ended') return { evidence };
  const when = endsAt!.slice(0, 'yyyy-mm-dd'.length);
  return {
    warnings: [found('VERSION_EOL', { version: shown, minor: minor!, when, oldest, newest })],
    evidence,
  };
}
