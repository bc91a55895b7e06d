import type { Area, Row } from '#reconcile';
import { minute, second } from '#time';
import { decide } from './decide.ts';
import { type CoreData, kinds, read } from './model.ts';
import { present, sent } from './present.ts';

/** Nothing is looked at or done outside: `observe` and `act` have nothing to do. */
export const coreArea: Area<CoreData, null, never, never> = {
  name: 'core',
  kinds,
  read,
  summarise,
  told: present,
  present,
  sent,
  observe: async () => null,
  decide: (row, _seen, _did, context) => decide(row, context),
  act: async (_row, action) => action,
  webhookEvents: ['token.created', 'token.expired', 'token.deleted', 'webhook.created', 'webhook.deleted'],
  intervals: [],
  backOff: { base: 5 * second, cap: 15 * minute, slowFrom: 3 },
};

function summarise({ data, deletedAt }: Row<CoreData>) {
  const state = deletedAt === undefined ? data.state : 'deleting';
  return { state, cause: null, ...(data.kind === 'token' ? { role: data.role } : {}) };
}
