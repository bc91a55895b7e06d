import ipaddr from 'ipaddr.js';
import { type AddressClass, classify, effective, isWithin } from './address.ts';
import { netError } from './errors.ts';

type Ip = ReturnType<typeof ipaddr.parse>;

/** Clusters, controllers, metrics servers and proxies are cluster targets; webhooks and OIDC issuers webhook targets. */
export type PolicyName = 'cluster' | 'webhook';

export interface Rule {
  deny: boolean;
  port: number | undefined;
  what: { network: [Ip, number] } | { host: string } | { domain: string };
}

export interface Policy {
  name: PolicyName;
  /** Which setting an administrator would change. */
  setting: string;
  rules: readonly Rule[];
  /** Only the local run sets it: what it dials lives on the same machine. */
  allowLoopback: boolean;
}

export const settings: Record<PolicyName, string> = {
  cluster: 'DROVER_CLUSTER_TARGETS',
  webhook: 'DROVER_WEBHOOK_TARGETS',
};

const defaults: Record<PolicyName, readonly AddressClass[]> = {
  cluster: ['public', 'private'],
  webhook: ['public'],
};

/** The entries of a target setting on top of the defaults; throws TARGETS_INVALID with the entry that is wrong. */
export function parsePolicy(
  name: PolicyName,
  entries: readonly string[] = [],
  options: { allowLoopback?: boolean } = {},
): Policy {
  return {
    name,
    setting: settings[name],
    rules: entries.map((entry) => parseRule(entry, settings[name])),
    allowLoopback: options.allowLoopback ?? false,
  };
}

/** `10.0.0.0/8:8443`, `[2001:db8::]/32:6443`, `2001:db8::/32`, `host:8443`, `*.domain`. */
function parseRule(entry: string, setting: string): Rule {
  const wrong = () => netError('TARGETS_INVALID', { entry, setting });
  const deny = entry.startsWith('!');
  const rest = deny ? entry.slice(1).trim() : entry;
  if (isV6(rest)) {
    return { deny, port: undefined, what: { network: networkOf(rest) } };
  }
  const [, v6, length, plain, digits] =
    /^(?:\[([^[\]/]+)\](\/\d{1,3})?|([^:[\]]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) throw wrong();
  const text = v6 === undefined ? plain : v6 + (length ?? '');
  if (text === undefined) throw wrong();
  if (v6 === undefined ? isV4(text) : isV6(text)) {
    return { deny, port, what: { network: networkOf(text) } };
  }
  if (v6 !== undefined) throw wrong();
  const domain = text.startsWith('*.') ? text.slice(2) : undefined;
  const name = hostName(domain ?? text);
  // What the URL parser reads as an address was written in a spelling that a CIDR does not have.
  if (name === undefined || ipaddr.isValid(name)) throw wrong();
  return { deny, port, what: domain === undefined ? { host: name } : { domain: name } };
}

const isV6 = (text: string) => ipaddr.IPv6.isValidCIDR(text) || ipaddr.IPv6.isValid(text);
const isV4 = (text: string) =>
  ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv4.isValidFourPartDecimal(text);

function networkOf(text: string): [Ip, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const ip = ipaddr.parse(text);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

/** A host as the URL parser spells it: lower case, punycode. Undefined where it is none. */
function hostName(text: string): string | undefined {
  if (/[/?#@\\\s*%]/.test(text)) return undefined;
  const url = URL.parse(`https://${text}`);
  return url ? url.hostname.replace(/\.$/, '') || undefined : undefined;
}

export type Verdict =
  | { allowed: true }
  | { allowed: false; why: 'port' }
  | { allowed: false; why: 'address'; class: AddressClass | 'denied' };

/** What can be said of a name before it is looked up, so that no look-up is spent on what is refused anyway. */
export function judgeName(policy: Policy, host: string, port: number): Verdict {
  const naming = policy.rules.filter((rule) => !('network' in rule.what) && names(rule, host));
  if (naming.some((rule) => rule.deny && (rule.port ?? port) === port)) {
    return { allowed: false, why: 'address', class: 'denied' };
  }
  const mayAllow = (rule: Rule) =>
    !rule.deny && rule.port === port && ('network' in rule.what || naming.includes(rule));
  return isUsualPort(port) || policy.rules.some(mayAllow)
    ? { allowed: true }
    : { allowed: false, why: 'port' };
}

/**
 * Whether this address may be dialled under this name. A deny entry wins over every allow entry; loopback,
 * link-local and metadata addresses cannot be allowed by an entry at all.
 */
export function judge(policy: Policy, host: string, address: string, port: number): Verdict {
  const ip = ipaddr.parse(address);
  const found = classify(ip);
  const refused = (why: AddressClass | 'denied'): Verdict => ({ allowed: false, why: 'address', class: why });
  if (found === 'forbidden') return refused(found);
  if (found === 'loopback' && !policy.allowLoopback) return refused(found);
  const named = policy.rules.filter((rule) => names(rule, host, ip));
  if (named.some((rule) => rule.deny && (rule.port ?? port) === port)) return refused('denied');
  const allowing = named.filter((rule) => !rule.deny);
  if (allowing.some((rule) => (rule.port === undefined ? isUsualPort(port) : rule.port === port))) {
    return { allowed: true };
  }
  const isUsual = defaults[policy.name].includes(found) || found === 'loopback';
  if (!isUsual && !allowing.some((rule) => rule.port === undefined)) return refused(found);
  return isUsualPort(port) ? { allowed: true } : { allowed: false, why: 'port' };
}

const isUsualPort = (port: number) => port === 443 || port >= 1024;

function names({ what }: Rule, host: string, ip?: Ip): boolean {
  if ('host' in what) return what.host === host;
  if ('domain' in what) return host.endsWith(`.${what.domain}`);
  return ip !== undefined && (isWithin(ip, what.network) || isWithin(effective(ip), what.network));
}
