import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line written during a call carries. */
export interface Context {
  requestId?: string;
  area?: string;
  recordId?: string;
  [field: string]: unknown;
}

const storage = new AsyncLocalStorage<Context>();

/** Every line that `run` writes, now or later, carries `fields` and those of the calls around it. */
export const withFields = <T>(fields: Context, run: () => T): T =>
  storage.run({ ...storage.getStore(), ...fields }, run);

export const contextFields = (): Context => storage.getStore() ?? {};
