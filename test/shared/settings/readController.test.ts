import { describe, expect, test } from 'vitest';
import { readController, readSettings, shownController } from '#settings';

const pathsOf = (given: Record<string, string>) => readController(given).faults.map(({ path }) => path);

test('a mistake in these settings is none of the program’s: it reads the others', () => {
  const environment = { CTRL_API_SERVICE: 'nonsense', ENABLE_FED_JOIN: 'perhaps', SERVER_PORT: '9090' };
  expect(readSettings(environment)).toMatchObject({
    serverPort: 9090,
    controller: { CTRL_API_SERVICE: 'nonsense', ENABLE_FED_JOIN: 'perhaps' },
  });
});

test('an empty text is not given, and what surrounds a text is no part of it', () => {
  expect(readSettings({ CTRL_PASSWORD: ' secret\n', JOIN_TOKEN: '' }).controller).toEqual({
    CTRL_PASSWORD: 'secret',
  });
});

describe('is read', () => {
  test.each([
    ['CTRL_API_SERVICE', 'neuvector-svc-controller.neuvector:10443'],
    ['CTRL_API_SERVICE', '[fd00::5]:10443'],
    ['CTRL_API_KEY', 'drover:a:b/c='],
    ['CTRL_API_KEY', 'ssm:/drover/key'],
    ['CTRL_FINGERPRINT', `${'AB:'.repeat(31)}AB`],
    ['PAAS_STORE_ID', 'u2204a'],
    ['JOIN_TOKEN', 'secretsmanager:drover/join#token'],
    ['JOIN_TOKEN_URL', 'https://tokens.example/one?store=1'],
    ['JOINT_REST_SERVER', 'fd00::5'],
    ['MAX_JOIN_RETRIES', '1'],
    ['ENFORCER_STATS', 'False'],
  ])('%s=%s', (name, text) => {
    expect(pathsOf({ [name]: text })).toEqual([]);
  });
});

describe('is refused', () => {
  test.each([
    ['CTRL_API_SERVICE', 'neuvector'],
    ['CTRL_API_SERVICE', 'https://neuvector:10443'],
    ['CTRL_API_SERVICE', 'user:canary@neuvector:10443'],
    ['CTRL_API_SERVICE', 'neuvector:0'],
    ['CTRL_API_KEY', 'without-a-name'],
    ['CTRL_FINGERPRINT', 'abcd'],
    ['PAAS_STORE_ID', 'store 1'],
    ['PAAS_STORE_ID', '-'],
    ['JOIN_TOKEN_URL', 'http://tokens.example'],
    ['JOIN_TOKEN_URL', 'https://user:canary@tokens.example'],
    ['JOINT_REST_SERVER', 'https://store.example'],
    ['JOINT_REST_PORT', '70000'],
    ['MAX_JOIN_RETRIES', '0'],
    ['MAX_JOIN_RETRIES', 'ten'],
    ['ENABLE_FED_JOIN', 'perhaps'],
    ['ENFORCER_STATS', 'canary'],
    ['JOIN_CONTRACT', 'both'],
  ])('%s=%s', (name, text) => {
    const { faults } = readController({ [name]: text });
    expect(faults).toMatchObject([{ path: name, code: 'invalid' }]);
    expect(JSON.stringify(faults)).not.toContain('canary');
  });
});

test('what switches off is read as such: any text switched enforcer statistics on before, and nobody meant that', () => {
  for (const text of ['0', 'false', 'No', 'off']) {
    expect(readController({ ENFORCER_STATS: text }).found.enforcerStats).toBe(false);
  }
});

test('no secret is shown, nor a text that is not what it should be, nor the query of an address', () => {
  expect(
    shownController({
      CTRL_API_SERVICE: 'neuvector:10443',
      CTRL_PASSWORD: 'canary',
      CTRL_API_KEY: 'drover:canary',
      JOIN_TOKEN: 'canary',
      JOINT_REST_SERVER: 'https://canary',
      JOIN_TOKEN_URL: 'https://tokens.example/one?key=canary',
      MAX_JOIN_RETRIES: '3',
      ENABLE_FED_JOIN: 'TRUE',
    }),
  ).toEqual({
    CTRL_API_SERVICE: 'neuvector:10443',
    ENABLE_FED_JOIN: true,
    JOIN_TOKEN_URL: 'https://tokens.example/one?…',
    MAX_JOIN_RETRIES: 3,
  });
});
