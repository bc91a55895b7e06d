import { z } from '@hono/zod-openapi';
import { readRuntimeSettings, runtimeSettingsSchema, writeRuntimeSettings } from '#core';
import { shownController } from '#settings';
import type { Api, Routes } from './api.ts';
import { endpoint } from './endpoint.ts';

const settingsSchema = z
  .object({
    /** May be changed here while Drover runs. */
    runtime: runtimeSettingsSchema,
    deployed: z
      .object({
        version: z.string(),
        corsOrigins: z.array(z.string()),
        metricsPublic: z.boolean(),
        oidcIssuer: z.string().nullable(),
        oidcAudience: z.string().nullable(),
        oidcRoleClaim: z.string(),
        allowInsecureTls: z.boolean(),
        knownGood: z.string().nullable(),
        clusterTargets: z.array(z.string()),
        webhookTargets: z.array(z.string()),
        logLevel: z.string(),
      })
      .openapi({ description: 'Set where Drover is deployed.' }),
    controller: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).openapi({
      description:
        'What is set of the one controller that the environment describes, by name; without secrets and what cannot be read.',
      example: { CTRL_API_SERVICE: 'neuvector-svc-controller.neuvector:10443' },
    }),
  })
  .openapi('Settings');

export const settingsRoutes: Routes = (api) => {
  const { core, clock } = api.ports;
  const common = { path: '/api/v1/settings', role: 'admin', tag: 'Settings' } as const;
  endpoint(
    api,
    {
      ...common,
      method: 'get',
      summary: 'The settings in force, without secrets',
      answers: { 200: { description: 'Settings.', schema: settingsSchema } },
    },
    async ({ c }) => c.json(await effective(api)),
  );
  endpoint(
    api,
    {
      ...common,
      method: 'patch',
      summary: 'Change runtime settings',
      description: 'A JSON merge patch over "runtime".',
      body: z.strictObject({ runtime: runtimeSettingsSchema.partial() }).openapi('SettingsPatch'),
      answers: { 200: { description: 'As they are now.', schema: settingsSchema } },
      problems: [409],
    },
    async ({ c, body, by }) => {
      await writeRuntimeSettings(core, body.runtime, clock.now(), by('setting.update'));
      return c.json(await effective(api));
    },
  );
};

async function effective({ ports: { core, settings } }: Api) {
  const { version, metricsPublic, oidcRoleClaim, allowInsecureTls, logLevel } = settings;
  return {
    runtime: await readRuntimeSettings(core),
    deployed: {
      version,
      corsOrigins: [...settings.corsOrigins],
      metricsPublic,
      oidcIssuer: settings.oidcIssuer ?? null,
      oidcAudience: settings.oidcAudience ?? null,
      oidcRoleClaim,
      allowInsecureTls,
      knownGood: settings.knownGood ?? null,
      clusterTargets: [...settings.clusterTargets],
      webhookTargets: [...settings.webhookTargets],
      logLevel,
    },
    controller: shownController(settings.controller),
  };
}
