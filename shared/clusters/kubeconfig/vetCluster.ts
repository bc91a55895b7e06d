import { readCertificates } from '#certificates';
import type { Text } from '#errors';
import { type Finding, found } from '../finding.ts';
import type { Entry } from './config.ts';
import { clusterFields, pemField, refusedFields, textField } from './fields.ts';
import { readServer } from './server.ts';
import { reasons } from './unreadable.ts';

export interface ChosenCluster {
  readonly name: string;
  readonly server: string;
  /** PEM; without it the public CAs are trusted. */
  readonly ca?: string;
  readonly tlsServerName?: string;
  /** The server is not verified, by an administrator's leave. */
  readonly insecure?: true;
}

/** Every fault is added to `faults`; what is answered counts only if there is none. */
export function vetCluster(entry: Entry, allowInsecure: boolean, faults: Finding[]): ChosenCluster {
  faults.push(...refusedFields(entry, clusterFields));
  const server = serverOf(entry, faults);
  const tlsServerName = serverNameOf(entry, faults);
  const ca = pemField(entry, 'certificate-authority-data', 'CA_INVALID', readCertificates, faults);
  // With a CA there is nothing to be lenient about; kubectl refuses the two together.
  const insecure = isInsecure(entry, allowInsecure && ca === '', faults);
  return {
    name: entry.name,
    server,
    ...(ca && { ca }),
    ...(tlsServerName && { tlsServerName }),
    ...(insecure && { insecure: true as const }),
  };
}

function serverOf(entry: Entry, faults: Finding[]): string {
  const before = faults.length;
  const given = textField(entry, 'server', 'KUBECONFIG_SERVER_INVALID', faults);
  if (faults.length > before) return '';
  const read = readServer(given);
  if ('value' in read) return read.value;
  const at = `${entry.path}.server`;
  faults.push(
    read.reason === 'http'
      ? found('KUBECONFIG_SERVER_NOT_HTTPS', { at })
      : found('KUBECONFIG_SERVER_INVALID', { at, reason: read.reason }),
  );
  return '';
}

function serverNameOf(entry: Entry, faults: Finding[]): string {
  const name = textField(entry, 'tls-server-name', 'KUBECONFIG_SERVER_INVALID', faults);
  if (name === '' || isServerName(name)) return name;
  const at = `${entry.path}.tls-server-name`;
  faults.push(found('KUBECONFIG_SERVER_INVALID', { at, reason: notHost }));
  return '';
}

/** Of a certificate: a host's name or an address. */
export const isServerName = (name: string): boolean =>
  /^[A-Za-z0-9_]([A-Za-z0-9_.:-]{0,251}[A-Za-z0-9])?$/.test(name);

function isInsecure(entry: Entry, isAllowed: boolean, faults: Finding[]): boolean {
  const at = `${entry.path}.insecure-skip-tls-verify`;
  const given = entry.fields.get('insecure-skip-tls-verify') ?? false;
  if (typeof given !== 'boolean')
    faults.push(found('KUBECONFIG_UNREADABLE', { at, reason: reasons.yesOrNo }));
  else if (given && !isAllowed) faults.push(found('KUBECONFIG_INSECURE', { at }));
  return given === true;
}

const notHost: Text = { en: 'is not the name of a host', zh: '不是主机名' };
