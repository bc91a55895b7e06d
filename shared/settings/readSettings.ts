import type { Language, Text } from '#errors';
import { fail } from './errors.ts';
import { type Setting, type Settings, settingsTable } from './table.ts';

interface Fault {
  path: string;
  code: string;
  text: Text;
}

/**
 * Reads all settings, or says in one error everything that is wrong with them. An empty text counts as not set,
 * because a deployment declares all and leaves most empty. Values are not repeated in errors: one of them might
 * be a secret put in the wrong place.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const faults: Fault[] = [];
  const found: Record<string, unknown> = {};
  for (const [key, { name, kind, default: standard }] of Object.entries(settingsTable) as [
    string,
    Setting<unknown, unknown>,
  ][]) {
    const given = environment[name]?.trim() ?? '';
    found[key] = given === '' ? standard : kind.read(given);
    if (given !== '' && found[key] === undefined) {
      const { en, zh } = kind.shape;
      faults.push({
        path: name,
        code: 'invalid',
        text: { en: `${name} must be ${en}`, zh: `${name} 应为：${zh}` },
      });
    }
  }
  const settings = found as Settings;
  faults.push(...unknownNames(environment), ...contradictions(settings));
  if (faults.length > 0) {
    const all = (language: Language, between: string) =>
      faults.map(({ text }) => text[language]).join(between);
    throw fail(
      'SETTINGS_INVALID',
      { faults: { en: all('en', '; '), zh: all('zh', '；') } },
      { fields: faults.map(({ path, code, text }) => ({ path, code, message: text.en })) },
    );
  }
  return settings;
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

function contradictions({ oidcIssuer, oidcAudience, keyFile, kmsKey }: Settings): Fault[] {
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
