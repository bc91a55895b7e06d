import type { Ports } from '#reconcile';
import type { Table } from '#store';

/** What the HTTP function is built from: made once per process in functions/ports.ts, faked in tests. */
export interface AppPorts extends Ports {
  table: Table;
  settings: HttpSettings;
  /** Writes what the call has counted. Called at its end; never throws. */
  flush(): Promise<void>;
}

export interface HttpSettings {
  /** What `/health` and the OpenAPI document name as the version. */
  version: string;
  /** Origins that may call from browsers; none: CORS is off. */
  corsOrigins: readonly string[];
}
