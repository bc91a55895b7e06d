import { z } from '@hono/zod-openapi';
import { roles } from '#auth';
import { iso } from '#time';
import type { Routes } from './api.ts';
import { endpoint } from './endpoint.ts';
import { timeSchema } from './schemas.ts';

const whoamiSchema = z
  .object({
    kind: z.enum(['token', 'oidc', 'session']),
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    selector: z.string().nullable().openapi({ description: 'Only records with these labels are in reach.' }),
    expiresAt: timeSchema.nullable(),
  })
  .openapi('Whoami');

export const whoamiRoutes: Routes = (api) => {
  endpoint(
    api,
    {
      method: 'get',
      path: '/api/v1/whoami',
      role: 'viewer',
      tag: 'Sign-in',
      summary: 'Who the credential says you are, and what you may',
      answers: { 200: { description: 'You.', schema: whoamiSchema } },
    },
    async ({ c, caller: { actor, role, reach, expiresAt } }) =>
      c.json({
        kind: actor.kind,
        id: actor.id,
        name: actor.name,
        role,
        selector: reach?.selector ?? null,
        expiresAt: expiresAt === undefined ? null : iso(expiresAt),
      }),
  );
};
