import { controllerTable } from './controllerTable.ts';
import { fail } from './errors.ts';
import { type Fault, givenOf, readTable, sayFaults } from './readTable.ts';
import { type Settings, settingsTable, type Values } from './table.ts';

/** Reads all settings, or says in one error everything that is wrong with them. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { found, faults } = readTable(environment, settingsTable);
  const values = found as Values<typeof settingsTable>;
  faults.push(...unknownNames(environment), ...contradictions(values));
  if (faults.length > 0) {
    throw fail(
      'SETTINGS_INVALID',
      { faults: sayFaults(faults) },
      { fields: faults.map(({ path, code, text }) => ({ path, code, message: text.en })) },
    );
  }
  return { ...values, controller: givenOf(environment, controllerTable) };
}

/** A mistyped name would silently leave the default in force; with a security setting that does harm. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): Fault[] {
  const known = new Set(Object.values(settingsTable).map((setting) => setting.name));
  return Object.keys(environment)
    .filter((name) => name.startsWith('DROVER_') && !known.has(name))
    .map((name) => ({
      path: name,
      code: 'unknown',
      text: { en: `${name} is not a setting`, zh: `没有名为 ${name} 的设置` },
    }));
}

function contradictions({
  oidcIssuer,
  oidcAudience,
  keyFile,
  kmsKey,
}: Values<typeof settingsTable>): Fault[] {
  const found: Fault[] = [];
  if (oidcIssuer !== undefined && oidcAudience === undefined) {
    found.push({
      path: 'DROVER_OIDC_AUDIENCE',
      code: 'missing',
      text: {
        en: 'DROVER_OIDC_AUDIENCE is needed with DROVER_OIDC_ISSUER',
        zh: '设置 DROVER_OIDC_ISSUER 时必须同时设置 DROVER_OIDC_AUDIENCE',
      },
    });
  }
  if (keyFile !== undefined && kmsKey !== undefined) {
    found.push({
      path: 'DROVER_KEY_FILE',
      code: 'contradiction',
      text: {
        en: 'DROVER_KEY_FILE and DROVER_KMS_KEY exclude each other',
        zh: 'DROVER_KEY_FILE 与 DROVER_KMS_KEY 不能同时设置',
      },
    });
  }
  return found;
}
