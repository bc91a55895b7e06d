import { z } from '@hono/zod-openapi';
import { decodeJoinToken } from '#neuvector';
import type { Api } from '../api.ts';
import { endpoint } from '../endpoint.ts';
import { tokenSchema } from './bodies.ts';

const decodedSchema = z
  .object({
    server: z.string().openapi({ description: 'Of the primary’s federation listener.' }),
    port: z.int(),
    ticket: z.enum(['none', 'issued', 'fixed']).openapi({
      description:
        'none: a token of earlier systems, which no controller takes. fixed: the UUID that the primary was set up with, which never ends. issued: ends, usually an hour after it was given out.',
    }),
    expires: z.enum(['unknown', 'never']).nullable().openapi({
      description: 'unknown: when it ends cannot be read from it. Null: it lets nobody in.',
    }),
  })
  .openapi('JoinTokenDecoded');

const fixedTicket = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Nothing of it is kept, dialled or logged. */
export function joinTokenRoute(api: Api): void {
  endpoint(
    api,
    {
      method: 'post',
      path: '/api/v1/join-tokens/decode',
      role: 'operator',
      tag: 'Joins',
      summary: 'What a join token says, without keeping it',
      body: z.strictObject({ token: tokenSchema }).openapi('JoinTokenDecode'),
      answers: { 200: { description: 'What can be read from it.', schema: decodedSchema } },
    },
    async ({ c, body: { token } }) => {
      const { server, port, ticket } = decodeJoinToken(token);
      c.header('cache-control', 'no-store');
      return c.json({ server, port, ...kindOf(ticket) });
    },
  );
}

function kindOf(ticket: string | null) {
  if (ticket === null) return { ticket: 'none', expires: null };
  return fixedTicket.test(ticket)
    ? { ticket: 'fixed', expires: 'never' }
    : { ticket: 'issued', expires: 'unknown' };
}
