import { describe, expect, test } from 'vitest';
import { DroverError } from '#errors';
import { readSettings, settingsTable } from '#settings';

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof DroverError) return error.fields.map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
  return [];
}

test('without an environment, every setting has its default', () => {
  const defaults = Object.fromEntries(Object.entries(settingsTable).map(([key, row]) => [key, row.default]));
  expect(readSettings({})).toEqual({ ...defaults, controller: {} });
});

test('a text that is empty or blank counts as not set', () => {
  expect(readSettings({ SERVER_PORT: '', DROVER_LOG_LEVEL: '  ' })).toEqual(readSettings({}));
});

test.each([
  ['SERVER_PORT', '9090', 'serverPort', 9090],
  ['DROVER_METRICS_PUBLIC', 'true', 'metricsPublic', true],
  ['DROVER_METRICS_PUBLIC', 'FALSE', 'metricsPublic', false],
  ['DROVER_METRICS_PUBLIC', '1', 'metricsPublic', true],
  ['DROVER_LOG_LEVEL', 'warn', 'logLevel', 'warn'],
  ['DROVER_STORE_ENDPOINT', 'http://127.0.0.1:8000/', 'storeEndpoint', 'http://127.0.0.1:8000'],
  ['DROVER_KNOWN_GOOD', 'https://example.org/alive', 'knownGood', 'https://example.org/alive'],
  [
    'DROVER_CORS_ORIGINS',
    'https://a.example, https://b.example:8443',
    'corsOrigins',
    ['https://a.example', 'https://b.example:8443'],
  ],
  [
    'DROVER_CLUSTER_TARGETS',
    '10.0.0.0/8, !10.1.0.0/16,*.stores.example:6443 , [fd00::]/8:443,fd00::/8,host',
    'clusterTargets',
    ['10.0.0.0/8', '!10.1.0.0/16', '*.stores.example:6443', '[fd00::]/8:443', 'fd00::/8', 'host'],
  ],
] as const)('%s=%s is read', (name, text, key, value) => {
  expect(readSettings({ [name]: text })[key]).toEqual(value);
});

describe('is refused', () => {
  test.each([
    ['SERVER_PORT', '0'],
    ['SERVER_PORT', '65536'],
    ['SERVER_PORT', '80a'],
    ['SERVER_PORT', '-1'],
    ['DROVER_METRICS_PUBLIC', 'yes please'],
    ['DROVER_METRICS_PUBLIC', 'constructor'],
    ['DROVER_LOG_LEVEL', 'verbose'],
    ['DROVER_STORE_ENDPOINT', 'localhost:8000'],
    ['DROVER_STORE_ENDPOINT', 'http://user:pass@host'],
    ['DROVER_KNOWN_GOOD', 'http://example.org'],
    // Nothing but https is dialled, so no key of such an issuer would ever be read.
    ['DROVER_OIDC_ISSUER', 'http://issuer.example'],
    ['DROVER_CORS_ORIGINS', '*'],
    ['DROVER_CORS_ORIGINS', 'https://a.example/path'],
    ['DROVER_CORS_ORIGINS', 'null'],
    ['DROVER_CLUSTER_TARGETS', 'https://a.example'],
    ['DROVER_CLUSTER_TARGETS', '10.0.0.0/8;host'],
  ])('%s=%s', (name, text) => {
    expect(faultsOf({ [name]: text })).toEqual([`${name} invalid`]);
  });
});

test('all that is wrong is said in one message, without repeating a value', () => {
  const environment = {
    SERVER_PORT: 'secret-port',
    DROVER_TABEL: 'secret-table',
    DROVER_OIDC_ISSUER: 'https://issuer.example',
    DROVER_KEY_FILE: '/secret/key',
    DROVER_KMS_KEY: 'alias/secret',
  };
  expect(faultsOf(environment)).toEqual([
    'SERVER_PORT invalid',
    'DROVER_TABEL unknown',
    'DROVER_OIDC_AUDIENCE missing',
    'DROVER_KEY_FILE contradiction',
  ]);
  expect(() => readSettings(environment)).toThrow(
    'SETTINGS_INVALID: Settings cannot be used: SERVER_PORT must be a port from 1 to 65535; DROVER_TABEL is not a setting; ' +
      'DROVER_OIDC_AUDIENCE is needed with DROVER_OIDC_ISSUER; DROVER_KEY_FILE and DROVER_KMS_KEY exclude each other.',
  );
  expect(() => readSettings(environment)).not.toThrow(/secret/);
});

test('other programs’ variables are none of ours', () => {
  expect(faultsOf({ PATH: '/bin', AWS_REGION: 'eu-north-1', NODE_OPTIONS: '' })).toEqual([]);
});
