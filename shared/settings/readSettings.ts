import type { FieldError } from '#errors';
import { fail } from './errors.ts';
import { type Setting, type Settings, settingsTable } from './table.ts';

/**
 * Reads all settings, or says in one error everything that is wrong with them. An empty text counts as not set,
 * because a deployment declares all and leaves most empty. Values are not repeated in errors: one of them might
 * be a secret put in the wrong place.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const faults: FieldError[] = [];
  const found: Record<string, unknown> = {};
  for (const [key, { name, kind, default: standard }] of Object.entries(settingsTable) as [
    string,
    Setting<unknown, unknown>,
  ][]) {
    const given = environment[name]?.trim() ?? '';
    found[key] = given === '' ? standard : kind.read(given);
    if (given !== '' && found[key] === undefined) {
      faults.push({ path: name, code: 'invalid', message: `${name} must be ${kind.shape.en}` });
    }
  }
  const settings = found as Settings;
  faults.push(...unknownNames(environment), ...contradictions(settings));
  if (faults.length > 0) {
    throw fail(
      'SETTINGS_INVALID',
      { faults: faults.map((fault) => fault.message).join('; ') },
      { fields: faults },
    );
  }
  return settings;
}

/** A mistyped name would silently leave the default in force; with a security setting that does harm. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): FieldError[] {
  const known = new Set(Object.values(settingsTable).map((setting) => setting.name));
  return Object.keys(environment)
    .filter((name) => name.startsWith('DROVER_') && !known.has(name))
    .map((name) => ({ path: name, code: 'unknown', message: `${name} is not a setting` }));
}

function contradictions({ oidcIssuer, oidcAudience, keyFile, kmsKey }: Settings): FieldError[] {
  const found: FieldError[] = [];
  if (oidcIssuer !== undefined && oidcAudience === undefined) {
    found.push({
      path: 'DROVER_OIDC_AUDIENCE',
      code: 'missing',
      message: 'DROVER_OIDC_AUDIENCE is needed with DROVER_OIDC_ISSUER',
    });
  }
  if (keyFile !== undefined && kmsKey !== undefined) {
    found.push({
      path: 'DROVER_KEY_FILE',
      code: 'contradiction',
      message: 'DROVER_KEY_FILE and DROVER_KMS_KEY exclude each other',
    });
  }
  return found;
}
