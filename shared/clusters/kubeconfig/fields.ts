import { type Read, strictBase64 } from '#certificates';
import type { Text, Values } from '#errors';
import type { ClusterCode } from '../errors.ts';
import { type Finding, found } from '../finding.ts';
import type { Entry } from './config.ts';
import { commandOf, providerOf } from './plugins.ts';
import { join, type Tree } from './tree.ts';

/** `taken`: read by us. `passed over`: it may stand there and changes nothing. A code: refused with it. */
type Policy = 'taken' | 'passed over' | ClusterCode;

export const clusterFields: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  ['server', 'taken'],
  ['tls-server-name', 'taken'],
  ['certificate-authority-data', 'taken'],
  ['insecure-skip-tls-verify', 'taken'],
  ['disable-compression', 'passed over'],
  ['extensions', 'passed over'],
  ['certificate-authority', 'KUBECONFIG_FILE_PATH'],
  ['proxy-url', 'KUBECONFIG_PROXY'],
]);

/** `token-file` is no field of kubectl's; other programs open the file all the same. */
export const userFields: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  ['token', 'taken'],
  ['client-certificate-data', 'taken'],
  ['client-key-data', 'taken'],
  ['extensions', 'passed over'],
  ['exec', 'KUBECONFIG_EXEC'],
  ['auth-provider', 'KUBECONFIG_AUTH_PROVIDER'],
  ['tokenFile', 'KUBECONFIG_FILE_PATH'],
  ['token-file', 'KUBECONFIG_FILE_PATH'],
  ['client-certificate', 'KUBECONFIG_FILE_PATH'],
  ['client-key', 'KUBECONFIG_FILE_PATH'],
  ['as', 'KUBECONFIG_IMPERSONATION'],
  ['as-uid', 'KUBECONFIG_IMPERSONATION'],
  ['as-groups', 'KUBECONFIG_IMPERSONATION'],
  ['as-user-extra', 'KUBECONFIG_IMPERSONATION'],
  ['username', 'KUBECONFIG_BASIC_AUTH'],
  ['password', 'KUBECONFIG_BASIC_AUTH'],
]);

/** What of an entry is refused, field by field. */
export function refusedFields({ fields, path }: Entry, policies: ReadonlyMap<string, Policy>): Finding[] {
  return [...fields].flatMap(([field, value]) => {
    const at = join(path, field);
    const policy = policies.get(field);
    if (policy === undefined) return [found('KUBECONFIG_UNKNOWN_FIELD', { at })];
    if (policy === 'taken' || policy === 'passed over' || isUnset(value)) return [];
    return [found(policy, { at, ...named(policy, value) })];
  });
}

/** kubectl takes an empty value for none. */
export const isUnset = (value: Tree | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A plugin is told by name where it is a known one: its arguments and variables may be secrets, so are not. */
function named(policy: ClusterCode, value: Tree): Values {
  if (policy === 'KUBECONFIG_EXEC') return commandOf(value);
  if (policy === 'KUBECONFIG_AUTH_PROVIDER') return { provider: providerOf(value) };
  return {};
}

/**
 * The readers of single fields answer '' for what is unset and for what is wrong; the latter they add to `faults`, and
 * nothing counts that was read of an entry with faults.
 */
export function textField(entry: Entry, field: string, code: ClusterCode, faults: Finding[]): string {
  const value = entry.fields.get(field);
  if (isUnset(value)) return '';
  if (typeof value === 'string' && !leftOutByKubectl.includes(value)) return value;
  const reason = typeof value === 'string' ? leftOut : notText;
  faults.push(found(code, { at: join(entry.path, field), reason }));
  return '';
}

/** What `kubectl config view` shows in place of secrets. */
const leftOutByKubectl = ['REDACTED', 'DATA+OMITTED'];

/** The PEM that a `…-data` field holds in base64. Line ends in the base64 are allowed, as in Go. */
export function pemField(
  entry: Entry,
  field: string,
  code: ClusterCode,
  read: (text: string) => Read<{ readonly pem: string }>,
  faults: Finding[],
): string {
  const given = textField(entry, field, code, faults);
  if (given === '') return '';
  const bytes = strictBase64(given.trim().replace(/\r?\n/g, ''));
  const made = bytes
    ? read(bytes.toString('latin1'))
    : { reason: given.includes('-----') ? isPem : notBase64 };
  if ('value' in made) return made.value.pem;
  faults.push(found(code, { at: join(entry.path, field), reason: made.reason }));
  return '';
}

const leftOut: Text = {
  en: 'was left out by kubectl: it shows secrets only with --raw',
  zh: '被 kubectl 隐去：使用 --raw 才会输出秘密',
};
const notText: Text = { en: 'must be text: put it in quotes', zh: '必须是文本：请加引号' };
const isPem: Text = {
  en: 'is PEM, and here stands its base64: base64 -w0 makes it',
  zh: '是 PEM，此处应为其 base64：可用 base64 -w0 生成',
};
const notBase64: Text = { en: 'is not base64', zh: '不是 base64' };
