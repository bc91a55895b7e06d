import type { Identity } from '#kubernetes';
import type { Judged, Told, Tried } from './judged.ts';

/** What our own reading of the credential says of it. */
export interface OwnReading {
  /** `system:serviceaccount:…` of a token, the common name of a certificate; null where it cannot be read. */
  readonly subject: string | null;
  /** What a refusal means: that it is out of date by our clock. */
  readonly suspected: Told | undefined;
}

export interface JudgedWho extends Judged {
  readonly identity: Identity | null;
}

const anonymous = 'system:anonymous';

/** Whom the cluster takes us for. That it answers proves nothing: only this says that the credential counts. */
export function judgeWho(said: Tried<Identity | undefined>, own: OwnReading, place: Place): JudgedWho {
  if ('fault' in said) return judgeRefusal(said.fault, own);
  const { value } = said;
  if (value === undefined) {
    // Before 1.28 the cluster cannot be asked. Whether the credential counts, the next rung tells.
    const identity = own.subject === null ? null : { username: own.subject, groups: [] };
    return { evidence: { by: 'credential', username: own.subject }, identity };
  }
  const { username, groups } = value;
  const evidence = { by: 'cluster', username, groups: groups.slice(0, 50) };
  if (username === anonymous || username === '') {
    const values = { ...place, method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' };
    return { failure: { code: 'CREDENTIALS_NOT_PRESENTED', values }, evidence, identity: null };
  }
  return { evidence, identity: { username, groups } };
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

function judgeRefusal(fault: Told, { subject, suspected }: OwnReading): JudgedWho {
  if (fault.code === 'AUTH_REJECTED') {
    return { failure: suspected ?? fault, evidence: { subject }, identity: null };
  }
  const { user } = fault.values;
  // Who may not ask was told the name in the refusal.
  if (fault.code === 'PERMISSION_MISSING' && typeof user === 'string') {
    return { evidence: { by: 'refusal', username: user }, identity: { username: user, groups: [] } };
  }
  return { failure: fault, evidence: { subject }, identity: null };
}
