import { StatusError } from '../status.ts';
import { pathText } from './element.ts';
import { type FieldSet, pathsOf } from './fieldSet.ts';
import type { Manager, Managers } from './managers.ts';

/** Says who owns what the configuration wants to change. */
export function applyConflict(conflicts: ReadonlyMap<string, FieldSet>, managers: Managers): StatusError {
  const byManager = [...conflicts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([identity, set]) => ({
      manager: managerText(managers.get(identity)),
      fields: [...pathsOf(set)].map(pathText),
    }));
  const count = byManager.reduce((sum, { fields }) => sum + fields.length, 0);
  const [first] = byManager;
  const words =
    count === 1 && first
      ? `1 conflict: conflict with ${first.manager}: ${first.fields[0]}`
      : `${count} conflicts: ${byManager
          .flatMap(({ manager, fields }) => [
            `conflicts with ${manager}:`,
            ...fields.map((field) => `- ${field}`),
          ])
          .join('\n')}`;
  const causes = byManager.flatMap(({ manager, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  return new StatusError(409, 'Conflict', `Apply failed with ${words}`, { causes });
}

function managerText(manager: Manager | undefined): string {
  if (!manager) return '""';
  const { name, subresource, operation, apiVersion } = manager;
  const through = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(name)}${through}${using}`;
}
