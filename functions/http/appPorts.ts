import type { FetchJson } from '#auth';
import type { CoreData } from '#core';
import type { Family, GaugeProvider } from '#metrics';
import type { Ports, Records } from '#reconcile';
import type { Settings } from '#settings';
import type { Table } from '#store';

/** What the HTTP function is built from: made once per process in functions/ports.ts, faked in tests. */
export interface AppPorts extends Ports {
  table: Table;
  settings: HttpSettings;
  /** Tokens, webhooks and runtime settings. */
  core: Records<CoreData>;
  /** The areas that tick here: `/readyz` and metrics speak of them. */
  areaNames: readonly string[];
  metrics: { families: readonly Family[]; providers: readonly GaugeProvider[] };
  /** Reads a JSON document of the identity provider, by the rules for what may be dialled. */
  fetchJson: FetchJson;
  /** Throws where a webhook's address may not be dialled. */
  vetWebhook(url: string): Promise<void>;
  /** Writes what the call has counted. Called at its end; never throws. */
  flush(): Promise<void>;
}

export type HttpSettings = Pick<
  Settings,
  | 'corsOrigins'
  | 'metricsPublic'
  | 'oidcIssuer'
  | 'oidcAudience'
  | 'oidcRoleClaim'
  | 'allowInsecureTls'
  | 'knownGood'
  | 'clusterTargets'
  | 'webhookTargets'
  | 'logLevel'
  | 'controller'
> & {
  /** What `/health` and the OpenAPI document name as the version. */
  version: string;
};
