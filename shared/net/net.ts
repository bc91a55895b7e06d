import type { Agent } from 'undici';
import type { Clock } from '#time';
import { type AgentLimits, agentFor } from './connect.ts';
import type { TlsOptions, Watch } from './dial.ts';
import { Names, type Resolve } from './names.ts';
import { type Policy, type PolicyName, parsePolicy } from './policy.ts';
import { probeTcp, probeTls, type TcpProbe, type TlsProbe } from './probe.ts';
import { type Answer, type Outgoing, sendOnce } from './send.ts';
import { check, type Target, vet, vetBehind } from './target.ts';

/** The one way out for every address that a user can name. */
export interface Net {
  /** Looks the name up, the proxy's where there is one, and answers where connections may go, or throws a DroverError that says why not. */
  vet(policy: PolicyName, url: string, proxy?: string): Promise<Target>;
  /** What can be said of an address without looking a name up: throws a DroverError where it may not be dialled. */
  check(policy: PolicyName, url: string): { host: string; port: number };
  /** One request over a connection of its own: vetted, pinned, no redirects, one deadline, capped. */
  send(policy: PolicyName, outgoing: Outgoing): Promise<Answer>;
  /** For clients that keep connections. Whoever takes it closes it. */
  agentFor(target: Target, tls?: TlsOptions, limits?: AgentLimits): Promise<Agent>;
  /** Which of its addresses take connections. */
  probeTcp(target: Target, watch?: Watch): Promise<TcpProbe[]>;
  /** What the server shows of itself. No credential is sent, and what it shows need not be trusted. */
  probeTls(target: Target, tls?: TlsOptions, watch?: Watch): Promise<TlsProbe>;
}

export interface NetSettings {
  clock: Clock;
  /** DROVER_CLUSTER_TARGETS and DROVER_WEBHOOK_TARGETS */
  clusterTargets?: readonly string[] | undefined;
  webhookTargets?: readonly string[] | undefined;
  /** Only the local run. */
  allowLoopback?: boolean;
  resolve?: Resolve;
}

export function createNet(settings: NetSettings): Net {
  const options = { allowLoopback: settings.allowLoopback ?? false };
  const policies: Record<PolicyName, Policy> = {
    cluster: parsePolicy('cluster', settings.clusterTargets, options),
    webhook: parsePolicy('webhook', settings.webhookTargets, options),
  };
  const names = new Names({
    clock: settings.clock,
    ...(settings.resolve === undefined ? {} : { resolve: settings.resolve }),
  });
  const vetted = (policy: PolicyName) => (url: string) => vet(policies[policy], names, url);
  return {
    vet: (policy, url, proxy) =>
      proxy === undefined ? vetted(policy)(url) : vetBehind(policies[policy], names, url, proxy),
    check: (policy, url) => check(policies[policy], url),
    send: (policy, outgoing) => sendOnce(settings.clock, vetted(policy), outgoing),
    agentFor: (target, tls, limits) => agentFor(settings.clock, target, tls, limits),
    probeTcp: (target, watch) => probeTcp(settings.clock, target, watch),
    probeTls: (target, tls, watch) => probeTls(settings.clock, target, tls, watch),
  };
}
