import ipaddr from 'ipaddr.js';
import { effective } from './address.ts';
import { netError } from './errors.ts';
import type { Names } from './names.ts';
import { judge, judgeName, type Policy, type PolicyName, type Verdict } from './policy.ts';
import { parseProxy, type VettedProxy } from './proxy.ts';

/** An address that was vetted: connections go to `addresses` and nowhere else, whatever the name says later. */
export interface Target {
  readonly policy: PolicyName;
  /** Normalised, without fragment and the host's trailing dot. */
  readonly url: string;
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** None behind a proxy: which they are is the proxy's business. */
  readonly addresses: readonly { address: string; family: 4 | 6 }[];
  readonly proxy?: VettedProxy;
}

/** Scheme, port and form: all that can be said without a look-up. */
export function parseTarget(policy: Policy, text: string): Omit<Target, 'addresses'> {
  // The URL parser drops tabs and line ends and turns a backslash round: other readers of the text do not.
  if (/[\s\\\p{Cc}]/u.test(text)) throw netError('TARGET_INVALID');
  const url = URL.parse(text);
  if (!url?.hostname || url.username || url.password) throw netError('TARGET_INVALID');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (!host) throw netError('TARGET_INVALID');
  if (url.protocol !== 'https:') throw netError('TARGET_SCHEME_FORBIDDEN', { host, scheme: url.protocol });
  const port = url.port ? Number(url.port) : 443;
  url.hash = '';
  url.hostname = host.includes(':') ? `[${host}]` : host;
  refuse(policy, host, host, port, judgeName(policy, host, port));
  return { policy: policy.name, url: url.href, origin: url.origin, host, port };
}

/** Also whether an address that stands for itself may be dialled. */
export function check(policy: Policy, text: string): { host: string; port: number } {
  const { host, port } = parseTarget(policy, text);
  if (ipaddr.isValid(host)) refuse(policy, host, host, port, judge(policy, host, host, port));
  return { host, port };
}

/** Every address that the name has must be allowed, or none is dialled. */
export async function vet(policy: Policy, names: Names, text: string): Promise<Target> {
  const parsed = parseTarget(policy, text);
  return { ...parsed, addresses: await vettedAddresses(policy, names, parsed) };
}

/** The proxy is vetted as a target is; of the target itself, what can be said without a look-up. */
export async function vetBehind(policy: Policy, names: Names, text: string, proxy: string): Promise<Target> {
  const parsed = parseTarget(policy, text);
  if (ipaddr.isValid(parsed.host)) await vettedAddresses(policy, names, parsed);
  const { url, ...more } = parseProxy(proxy);
  const { host, port } = parseTarget(policy, url);
  const addresses = await vettedAddresses(policy, names, { host, port });
  return { ...parsed, addresses: [], proxy: { host, port, addresses, ...more } };
}

async function vettedAddresses(
  policy: Policy,
  names: Names,
  parsed: { host: string; port: number },
): Promise<Target['addresses']> {
  const found = ipaddr.isValid(parsed.host) ? [parsed.host] : await names.addressesOf(parsed.host);
  return found.map((address) => {
    // c-ares answers addresses; a resolver that answers anything else is not believed.
    if (!ipaddr.isValid(address)) throw forbidden(policy, parsed.host, address, 'special');
    refuse(policy, parsed.host, address, parsed.port, judge(policy, parsed.host, address, parsed.port));
    const ip = ipaddr.parse(address);
    // Mapped addresses are dialled as what they are; a NAT64 one needs its IPv6 form.
    const dialled = ip.kind() === 'ipv6' && (ip as ipaddr.IPv6).isIPv4MappedAddress() ? effective(ip) : ip;
    return { address: dialled.toString(), family: dialled.kind() === 'ipv4' ? (4 as const) : (6 as const) };
  });
}

function refuse(policy: Policy, host: string, address: string, port: number, verdict: Verdict): void {
  if (verdict.allowed) return;
  if (verdict.why === 'port') {
    throw netError('TARGET_PORT_FORBIDDEN', { host, port, setting: policy.setting });
  }
  throw forbidden(policy, host, address, verdict.class);
}

const forbidden = (policy: Policy, host: string, address: string, found: string) =>
  netError('TARGET_FORBIDDEN', { host, address, class: found, setting: policy.setting });
