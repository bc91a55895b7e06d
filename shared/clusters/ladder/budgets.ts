import { type Millis, second } from '#time';

/** How long each rung may take, and all of them together. */
export interface Budgets {
  readonly dns: Millis;
  readonly tcp: Millis;
  readonly tls: Millis;
  /** Each call. */
  readonly http: Millis;
  readonly whole: Millis;
}

export const usualBudgets: Budgets = {
  dns: 2 * second,
  tcp: 3 * second,
  tls: 5 * second,
  http: 5 * second,
  whole: 15 * second,
};
