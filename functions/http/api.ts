import type { Authenticator, Sessions } from '#auth';
import type { Json } from '#reconcile';
import type { App } from './app.ts';
import type { AppPorts } from './appPorts.ts';
import type { Idempotency } from './idempotency.ts';

/** Places in lists as they leave the process: opaque, signed, and good for the list they were given out for. */
export interface Cursors {
  seal(place: Json, bound: string): Promise<string>;
  /** Undefined for what was not sealed here for this list, or has expired. */
  open(text: string, bound: string): Promise<Json | undefined>;
}

/** What routes are declared on. */
export interface Api {
  app: App;
  ports: AppPorts;
  authenticator: Authenticator;
  sessions: Sessions;
  idempotency: Idempotency;
  cursors: Cursors;
}

/** An area's routes: one file per area declares them all. */
export type Routes = (api: Api) => void;
