import { expect, test } from 'vitest';
import { settingsTable } from '#settings';
import { anAdministrator, anApp } from './anApp.ts';

test('every setting that a deployment and a laptop may choose is told as it is in force', async () => {
  const world = anApp({ settings: { webhookTargets: ['!10.0.0.0/8'], knownGood: 'https://good.example' } });
  const { body } = await world.call(await anAdministrator(world), 'GET', '/api/v1/settings');
  const chosen = Object.entries(settingsTable).flatMap(([key, { chosen }]) =>
    chosen === 'both' ? [key] : [],
  );
  expect(Object.keys(body.deployed).sort()).toEqual(['version', ...chosen].sort());
  expect(body.deployed).toMatchObject({
    webhookTargets: ['!10.0.0.0/8'],
    knownGood: 'https://good.example',
    oidcIssuer: null,
    logLevel: 'info',
  });
});

test('the one controller of the environment is told without its secrets', async () => {
  const controller = { CTRL_API_SERVICE: 'neuvector:10443', CTRL_PASSWORD: 'canary' };
  const world = anApp({ settings: { controller } });
  const { body } = await world.call(await anAdministrator(world), 'GET', '/api/v1/settings');
  expect(body.controller).toEqual({ CTRL_API_SERVICE: 'neuvector:10443' });
});
