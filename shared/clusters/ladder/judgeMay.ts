import type { Text } from '#errors';
import { type Capability, capabilities, type Permission } from '../accessManifest/permissions.ts';
import { found } from '../finding.ts';
import type { Judged, Told, Tried } from './judged.ts';
import type { Place } from './judgeWho.ts';
import type { JudgedPermission } from './validation.ts';

export interface Asking extends Place {
  /** Whom the cluster takes us for. */
  readonly user: string | Text;
}

export interface JudgedMay extends Judged {
  readonly permissions: readonly JudgedPermission[];
}

/** What `watch` needs and lacks ends the climb, what other capabilities lack is told. */
export function judgeMay(
  wanted: readonly Permission[],
  answers: readonly Tried<{ readonly allowed: boolean }>[],
  asking: Asking,
): JudgedMay {
  const fault = answers.find((answer) => 'fault' in answer)?.fault;
  if (fault) {
    // The lists that follow then show whether there is enough for watching.
    if (fault.code === 'PERMISSION_MISSING') {
      return { warnings: [found('ACCESS_REVIEW_FORBIDDEN', { subject: asking.user })], permissions: [] };
    }
    return { failure: fault, permissions: [] };
  }
  const permissions = wanted.map((permission, i) => {
    const answer = answers[i]!;
    return { ...permission, allowed: 'value' in answer && answer.value.allowed };
  });
  const lacking = capabilities.flatMap((capability) => {
    const missing = permissions.filter((each) => each.capability === capability && !each.allowed);
    return missing.length > 0 ? [{ capability, told: missingOf(capability, missing, asking) }] : [];
  });
  const evidence = {
    asked: permissions.length,
    missing: permissions.filter(({ allowed }) => !allowed).map(shortly),
  };
  const ofWatch = lacking.find(({ capability }) => capability === 'watch');
  const others = lacking.filter((each) => each !== ofWatch).map(({ told }) => told);
  return { failure: ofWatch?.told, warnings: others, evidence, permissions };
}

function missingOf(
  capability: Capability,
  missing: readonly Permission[],
  { user, host, port }: Asking,
): Told {
  const permissions = `${missing.map(shortly).join(', ')} ("${capability}")`;
  return { code: 'PERMISSION_MISSING', values: { user, host, port, permissions } };
}

/** `list deployments.apps`, `create serviceaccounts/token in drover-system`. */
export function shortly({ verb, group, resource, namespace, name }: Permission): string {
  const what = group ? `${resource}.${group}` : resource;
  return `${verb} ${what}${name === null ? '' : ` "${name}"`}${namespace === null ? '' : ` in ${namespace}`}`;
}
