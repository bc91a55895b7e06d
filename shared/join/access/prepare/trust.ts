import { certificateView, readCertificates, readFingerprint } from '#certificates';
import { clusterError } from '#clusters';
import type { Text } from '#errors';
import type { TrustView } from '../../model.ts';
import { readHost } from './addresses.ts';
import type { Findings } from './findings.ts';

/** As a body says it: null takes away, what is left out stays. */
export interface TrustBody {
  ca?: string | null | undefined;
  fingerprint?: string | null | undefined;
  tlsServerName?: string | null | undefined;
}

export interface KeptTrust {
  view: TrustView;
  /** PEM, which is sealed. */
  ca?: string | undefined;
}

export const noTrust: KeptTrust = { view: { ca: null, fingerprint: null, tlsServerName: null } };

/** Whom to trust at an address: a CA, or one certificate in its place. `at` is what the fields stand in. */
export async function readTrust(
  findings: Findings,
  at: string,
  body: TrustBody,
  kept: KeptTrust,
): Promise<KeptTrust> {
  const { ca, fingerprint, tlsServerName } = body;
  if (ca != null && fingerprint != null) findings.apart(`${at}.fingerprint`, `${at}.ca`, oneOfBoth);
  const own = ca == null ? undefined : await findings.of(`${at}.ca`, () => readCa(`${at}.ca`, ca));
  const digits =
    fingerprint == null ? undefined : await findings.of(`${at}.fingerprint`, () => readDigits(fingerprint));
  const name =
    tlsServerName == null
      ? undefined
      : await findings.of(`${at}.tlsServerName`, () => readHost(`${at}.tlsServerName`, tlsServerName));
  // Each is trusted in place of the other.
  const keepsCa = ca === undefined && fingerprint == null && kept.ca !== undefined;
  const keepsDigits = fingerprint === undefined && ca == null;
  return {
    view: {
      ca: own ? own.view : keepsCa ? kept.view.ca : null,
      fingerprint: digits ?? (keepsDigits ? kept.view.fingerprint : null),
      tlsServerName: name ?? (tlsServerName === undefined ? kept.view.tlsServerName : null),
    },
    ca: own?.pem ?? (keepsCa ? kept.ca : undefined),
  };
}

/** What is trusted otherwise than before. */
export const changedTrust = (before: KeptTrust, after: KeptTrust): string[] => [
  ...(before.ca === after.ca ? [] : ['ca']),
  ...(before.view.fingerprint === after.view.fingerprint ? [] : ['fingerprint']),
  ...(before.view.tlsServerName === after.view.tlsServerName ? [] : ['tlsServerName']),
];

function readCa(at: string, text: string): { pem: string; view: NonNullable<TrustView['ca']> } {
  const read = readCertificates(text);
  if ('reason' in read) throw clusterError('CA_INVALID', { at, reason: read.reason });
  const { subject, fingerprint, notAfter } = certificateView(read.value.list[0]);
  return { pem: read.value.pem, view: { subject, fingerprint, expiresAt: Date.parse(notAfter) } };
}

function readDigits(text: string): string {
  const read = readFingerprint(text);
  if ('reason' in read) throw clusterError('FINGERPRINT_INVALID', { reason: read.reason });
  return read.value;
}

const oneOfBoth: Text = {
  en: 'a fingerprint is trusted in place of a CA',
  zh: '指纹用于代替 CA',
};
