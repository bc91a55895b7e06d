import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Api, Routes } from './api.ts';
import { isUnchanged } from './conditions.ts';
import { endpoint } from './endpoint.ts';

export type Document = ReturnType<Api['app']['getOpenAPI31Document']>;

/** Made when first asked for, from what every route declares: a cold start pays nothing for it. */
export function openapiDocument({ app, ports }: Api): Document {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Drover',
      version: ports.settings.version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description: [
        'Drives a herd of Kubernetes clusters from serverless functions.',
        'Times are RFC 3339 in UTC. Every problem is RFC 9457 with a stable code and a remedy, in English or, with',
        'Accept-Language: zh, in Chinese. Every POST honours Idempotency-Key. A record’s ETag is its version; writes',
        'honour If-Match. HEAD answers wherever GET does; OPTIONS and a wrong method (405) name what is offered.',
        'Answers over HTTPS only where Drover is deployed so.',
      ].join(' '),
    },
    servers: [{ url: '/' }],
  });
}

export const openapiRoutes: Routes = (api) => {
  api.app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token (drv_…), or an access token of the configured identity provider.',
  });
  api.app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-drover',
    description:
      'From /sign-in. Over plain http it is named drover-<port>. Writes also need the header X-Drover-Csrf.',
  });
  let made: { text: string; etag: string } | undefined;
  endpoint(
    api,
    {
      method: 'get',
      path: '/openapi.json',
      role: 'anyone',
      tag: 'Reference',
      summary: 'This document',
      answers: {
        200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) },
        304: { description: 'If-None-Match names the one there is.' },
      },
    },
    async ({ c }) => {
      made ??= render(api);
      const { text, etag } = made;
      const headers = { etag, 'cache-control': 'no-cache' };
      if (isUnchanged(c, etag)) return new Response(null, { status: 304, headers });
      return c.body(text, 200, { 'content-type': 'application/json', ...headers });
    },
  );
};

function render(api: Api): { text: string; etag: string } {
  const text = JSON.stringify(openapiDocument(api));
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
