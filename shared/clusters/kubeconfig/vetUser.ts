import { readCertificates } from '#certificates';
import { readPrivateKey } from '../credential/privateKey.ts';
import { readToken } from '../credential/token.ts';
import { type Finding, found } from '../finding.ts';
import type { Entry } from './config.ts';
import { isUnset, pemField, refusedFields, textField, userFields } from './fields.ts';

export type ChosenCredential =
  | { readonly type: 'token'; readonly token: string }
  /** Both PEM. */
  | { readonly type: 'certificate'; readonly certificate: string; readonly key: string };

/**
 * One method and no other: where there is a token, the certificate is left behind. kubectl would send both, and a
 * certificate that nobody thinks of then decides who one is, until it expires.
 */
export function vetUser(entry: Entry, faults: Finding[], warnings: Finding[]): ChosenCredential {
  const refused = refusedFields(entry, userFields);
  faults.push(...refused);
  const has = (field: string): boolean => !isUnset(entry.fields.get(field));
  const hasCertificate = has('client-certificate-data') || has('client-key-data');
  if (!has('token') && hasCertificate) return certificateOf(entry, faults);
  if (hasCertificate) warnings.push(found('CREDENTIAL_LEFT_OUT', { at: entry.name }));
  // Where a plugin or a file was to give the credential, that is what is wrong, and not that there is none.
  if (!has('token') && refused.length === 0) faults.push(missing(entry, 'token'));
  return { type: 'token', token: tokenOf(entry, faults) };
}

const missing = ({ path }: Entry, field: string): Finding =>
  found('KUBECONFIG_CREDENTIAL_MISSING', { at: `${path}.${field}` });

function tokenOf(entry: Entry, faults: Finding[]): string {
  const text = textField(entry, 'token', 'KUBECONFIG_TOKEN_INVALID', faults);
  if (text === '') return '';
  const read = readToken(text);
  if ('value' in read) return read.value;
  faults.push(found('KUBECONFIG_TOKEN_INVALID', { at: `${entry.path}.token`, reason: read.reason }));
  return '';
}

function certificateOf(entry: Entry, faults: Finding[]): ChosenCredential {
  for (const field of ['client-certificate-data', 'client-key-data']) {
    if (isUnset(entry.fields.get(field))) faults.push(missing(entry, field));
  }
  return {
    type: 'certificate',
    certificate: pemField(entry, 'client-certificate-data', 'CERT_INVALID', readCertificates, faults),
    key: pemField(entry, 'client-key-data', 'KEY_INVALID', readPrivateKey, faults),
  };
}
