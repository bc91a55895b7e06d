import type { Agent } from 'undici';
import type { Clock } from '#time';
import { agentFor, type TlsOptions } from './connect.ts';
import { Names, type Resolve } from './names.ts';
import { type Policy, type PolicyName, parsePolicy } from './policy.ts';
import { type Answer, type Outgoing, sendOnce } from './send.ts';
import { type Target, vet } from './target.ts';

/** The one way out for every address that a user can name. */
export interface Net {
  /** Looks the name up and answers where connections may go, or throws a DroverError that says why not. */
  vet(policy: PolicyName, url: string): Promise<Target>;
  /** One request over a connection of its own: vetted, pinned, no redirects, one deadline, capped. */
  send(policy: PolicyName, outgoing: Outgoing): Promise<Answer>;
  /** For clients that keep connections. Whoever takes it closes it. */
  agentFor(target: Target, tls?: TlsOptions, limits?: Parameters<typeof agentFor>[2]): Agent;
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
    vet: (policy, url) => vetted(policy)(url),
    send: (policy, outgoing) => sendOnce(settings.clock, vetted(policy), outgoing),
    agentFor,
  };
}
