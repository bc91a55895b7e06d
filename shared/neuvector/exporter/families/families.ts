import { admission } from './admission.ts';
import { conversation } from './conversation.ts';
import type { Family } from './family.ts';
import { federation } from './federation.ts';
import { host } from './host.ts';
import { log } from './log.ts';
import { summary } from './summary.ts';
import { controller, enforcer } from './usage.ts';
import { container, image, platform } from './vulnerabilities.ts';

/** In the order of the official exporter. Enforcers, of which each is asked, only where that is wanted. */
export const families = ({ enforcerStats }: { enforcerStats: boolean }): readonly Family[] => [
  summary,
  conversation,
  ...(enforcerStats ? [enforcer] : []),
  controller,
  host,
  admission,
  image,
  platform,
  container,
  log,
  federation,
];
