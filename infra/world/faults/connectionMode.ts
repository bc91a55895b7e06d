import { unreachable } from '#errors';
import { day, type Instant } from '#time';
import type { Mode } from '../host/listener.ts';
import { type Certified, createCa, selfSignedCertificate, serverCertificate } from '../pki/index.ts';
import type { ConnectionFault } from './fault.ts';

/** What a listener shows when nothing is the matter with it. */
export interface Identity {
  readonly ca: Certified;
  readonly caName: string;
  readonly server: Certified;
  readonly names: readonly [string, ...string[]];
}

type TlsMode = Extract<Mode, { is: 'tls' }>;

export function modeOf(fault: ConnectionFault | undefined, identity: Identity, now: Instant): Mode {
  const whole = tlsMode(identity, identity.server);
  switch (fault?.kind) {
    case undefined:
      return whole;
    case 'refused':
      return { is: 'closed' };
    case 'silent':
      return { is: 'silent' };
    case 'dropped':
      return { is: 'full' };
    case 'resetAtOnce':
      return { is: 'reset' };
    case 'plainHttp':
      return { is: 'plain' };
    case 'certificate':
      return certificateMode(fault.problem, identity, now);
    case 'oldTls':
      // OpenSSL speaks these only where its level of security is lowered.
      return {
        ...whole,
        context: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      };
    case 'noSharedCipher':
      // One that needs an RSA key, where there is none.
      return { ...whole, context: { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } };
    case 'clientCertificateRequired':
      return { ...whole, requiresClientCertificate: true };
    default:
      return unreachable(fault);
  }
}

const tlsMode = ({ ca }: Identity, { certPem, keyPem }: Certified): TlsMode => ({
  is: 'tls',
  certPem,
  keyPem,
  clientCaPem: ca.certPem,
});

function certificateMode(
  problem: Extract<ConnectionFault, { kind: 'certificate' }>['problem'],
  identity: Identity,
  now: Instant,
): TlsMode {
  const { ca, caName, names } = identity;
  const valid = { notBefore: now - day, notAfter: now + 365 * day };
  const signed = (by: Certified, more = {}) =>
    tlsMode(identity, serverCertificate(by, { names, ...valid, ...more }));
  switch (problem) {
    case 'expired':
      return signed(ca, { notBefore: now - 366 * day, notAfter: now - day });
    case 'notYetValid':
      return signed(ca, { notBefore: now + day });
    case 'wrongName':
      return signed(ca, { names: ['kubernetes.elsewhere.example'] });
    case 'foreignCa':
      return signed(createCa({ commonName: caName, ...valid }));
    case 'foreignCaSent': {
      const foreign = createCa({ commonName: caName, ...valid });
      const mode = signed(foreign);
      return { ...mode, certPem: mode.certPem + foreign.certPem };
    }
    case 'incompleteChain':
      return signed(createCa({ commonName: `${caName} intermediate`, ...valid }));
    case 'selfSigned':
      return tlsMode(identity, selfSignedCertificate({ names, ...valid }));
    default:
      return unreachable(problem);
  }
}
