import { isIP } from 'node:net';
import { type Net, type Place, type Target, type TlsOptions, tooLate } from '#net';
import { checkFingerprint } from '../credential/checkFingerprint.ts';
import { checkLocally } from '../credential/checkLocally.ts';
import { found } from '../finding.ts';
import { type Told, tried } from './judged.ts';
import { judgeLocal } from './judgeLocal.ts';
import { judgeTls, type Trust } from './judgeTls.ts';
import type { LadderInput } from './ladder.ts';
import type { Rung, Way } from './way.ts';

/** The rungs to the server: until it is verified, nothing that is secret is sent. */

export const parse: Rung = async (way) => {
  const { input, startedAt } = way;
  const local = checkLocally(input, startedAt);
  const renews = input.capabilities.includes('rotation');
  const { suspected, ...judged } = judgeLocal(local, renews, startedAt);
  way.local = local;
  way.suspected = suspected;
  way.expiries.push(...local.expiries);
  return judged;
};

/** What may be dialled is told by the URL and by every address that its name has, so the look-up comes first. */
export const policy: Rung = async (way) => {
  const startedAt = way.clock.now();
  const target = await tried(vetInTime(way));
  way.vetted = { target, ms: way.clock.now() - startedAt };
  if ('value' in target) {
    const { host, port } = target.value;
    return { evidence: { host, port }, ms: 0 };
  }
  return isOfNames(target.fault.code) ? { ms: 0 } : { failure: target.fault };
};

const isOfNames = (code: string): boolean => code.startsWith('DNS_');

async function vetInTime({ ports, input, budgets, clock }: Way): Promise<Target> {
  const done = new AbortController();
  const late = clock.sleep(budgets.dns, done.signal).then(() => {
    const host = URL.parse(input.proxy ?? input.server)?.hostname ?? '';
    throw tooLate('dns', { host, port: 0 }, budgets.dns);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([vetted(ports.net, input), late]);
  } finally {
    done.abort();
  }
}

const vetted = (net: Net, { server, proxy }: LadderInput): Promise<Target> =>
  net.vet('cluster', server, proxy);

export const dns: Rung = async ({ vetted, input }) => {
  const { target, ms } = vetted!;
  if ('fault' in target) return { failure: target.fault, ms };
  const { host, addresses } = target.value.proxy ?? target.value;
  if (isIP(host)) return undefined;
  return {
    ms,
    evidence: {
      host,
      ...(input.proxy !== undefined && { of: 'proxy' }),
      addresses: addresses.map(({ address }) => address),
    },
  };
};

/** Behind a proxy it is the proxy that connects. */
export const tcp: Rung = async (way) => {
  const { target, budgets } = way;
  if (target.proxy) return undefined;
  const probes = await way.ports.net.probeTcp(target, way.within(budgets.tcp));
  const evidence = {
    addresses: probes.map(({ address, ms, fault }) => ({ address, ms, code: fault?.code ?? null })),
  };
  const isReached = probes.some(({ fault }) => fault === undefined);
  return isReached ? { evidence } : { failure: probes[0]!.fault, evidence };
};

export const proxy: Rung = async (way) => {
  const { target, budgets } = way;
  const by = target.proxy;
  if (!by) return undefined;
  way.probe = await tried(probed(way, budgets.tcp + budgets.tls));
  const evidence = { proxy: `${by.host}:${by.port}`, tls: by.isTls, target: `${target.host}:${target.port}` };
  const failure = 'fault' in way.probe ? faultOf(by, way.probe.fault) : undefined;
  if (failure) return { failure, evidence };
  const warnings = [found('TARGET_BY_PROXY', { proxy: evidence.proxy, host: target.host })];
  return { warnings, evidence, ...('value' in way.probe && { ms: way.probe.value.ms.reach }) };
};

/** What is the proxy's: one that is spoken to over TLS has a certificate of its own. */
function faultOf({ host, port }: Place, fault: Told): Told | undefined {
  if (fault.code.startsWith('PROXY_')) return fault;
  const { values } = fault;
  if (values.host !== host || values.port !== port) return undefined;
  return { code: 'PROXY_UNREACHABLE', values: { host, port, reason: fault.code } };
}

export const tls: Rung = async (way) => {
  const probe = way.probe ?? (await tried(probed(way, way.budgets.tls)));
  if ('fault' in probe) return { failure: probe.fault };
  const hasCertificate = way.input.credential.type === 'certificate';
  const terms = { by: trustOf(way.input), hasCertificate };
  const judged = judgeTls(probe.value, terms, way.place, way.clock.now());
  way.expiries.push(...judged.expiries);
  return { ...judged, ms: probe.value.ms.tls };
};

const probed = (way: Way, budget: number) =>
  way.ports.net.probeTls(way.target, tlsOf(way.input), way.within(budget));

function trustOf({ fingerprint, ca, insecure }: LadderInput): Trust {
  if (fingerprint !== undefined) return 'fingerprint';
  if (ca !== undefined) return 'ca';
  return insecure ? 'leave' : 'publicCas';
}

function tlsOf(input: LadderInput): TlsOptions {
  const { ca, tlsServerName } = input;
  const fingerprint = fingerprintOf(input);
  return {
    ...(ca !== undefined && { ca }),
    ...(tlsServerName !== undefined && { serverName: tlsServerName }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(trustOf(input) === 'leave' && { verify: false }),
  };
}

/** In one spelling: the first rung has refused all that is none. */
export const fingerprintOf = ({ fingerprint }: LadderInput): string | undefined =>
  fingerprint === undefined ? undefined : checkFingerprint(fingerprint).evidence?.fingerprint;
