import type { Json } from '#reconcile';
import { type AdministratorParts, ensureAdministrator } from './administrator.ts';
import { coreError } from './errors.ts';

export type CoreCall = { [name: string]: Json };

/**
 * What is asked of the core worker and waited for.
 *
 *   { "do": "firstAdministrator" }                    the token of a deployment's first administrator, once
 *   { "do": "firstAdministrator", "replace": true }   a new one, where it was lost
 *
 * Who may invoke the worker is said by the cloud's own rights, so this is no way in for others.
 */
export async function answerCoreCall(request: CoreCall, parts: AdministratorParts): Promise<Json> {
  switch (request.do) {
    case 'firstAdministrator':
      return firstAdministrator(parts, request.replace === true);
    default:
      throw coreError('CORE_CALL_UNKNOWN');
  }
}

async function firstAdministrator(parts: AdministratorParts, mayReplace: boolean): Promise<Json> {
  if (!mayReplace && (await parts.core.get('administrator', 'token'))) throw coreError('ADMINISTRATOR_THERE');
  const { id, text } = await ensureAdministrator(parts, undefined);
  return { id, token: text };
}
