import type { ApiVersion } from '#kubernetes';
import type { Capability } from '../accessManifest/permissions.ts';
import { found } from '../finding.ts';
import type { Judged, Tried } from './judged.ts';

export interface JudgedWhat extends Judged {
  readonly groups: readonly string[] | null;
}

/** What a capability cannot do without. */
const needs: Partial<Record<Capability, string>> = { sync: 'apps' };

const most = 50;

/** One API that does not answer is that API's trouble: what it would serve is missing, and the cluster is well. */
export function judgeWhat(said: Tried<readonly ApiVersion[]>, wanted: readonly Capability[]): JudgedWhat {
  if ('fault' in said) return { warnings: [said.fault], groups: null };
  const groups = [...new Set(said.value.map(({ group }) => group))].filter((group) => group !== '');
  const silent = said.value
    .filter(({ stale }) => stale)
    .map(({ group, version }) => (group === '' ? version : `${version}.${group}`));
  const missing = wanted.flatMap((capability) => {
    const group = needs[capability];
    return group === undefined || groups.includes(group)
      ? []
      : [found('API_GROUP_MISSING', { group, capability })];
  });
  const partial =
    silent.length > 0 ? [found('DISCOVERY_PARTIAL', { apis: silent.slice(0, most).join(', ') })] : [];
  return {
    warnings: [...missing, ...partial],
    evidence: {
      groups: groups.length,
      metrics: groups.includes('metrics.k8s.io'),
      ...(silent.length > 0 && { silent: silent.slice(0, most) }),
    },
    groups,
  };
}
