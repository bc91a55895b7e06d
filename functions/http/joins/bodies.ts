import { z } from '@hono/zod-openapi';
import { contracts, stayings, usualMaxAttempts } from '#join';
import { labelsPatchSchema, labelsSchema, nameSchema } from '../schemas.ts';

/** What comes in about memberships. Secrets are in credentials and in `token`, and nowhere else. */

const exampleToken = 'eyJzIjoiMTAuMTAuMC4xIiwicCI6MTE0NDMsInQiOiJ0aWNrZXQifQ==';

const pem = z.string().min(1).max(65_536);
const secret = (description: string) =>
  z.string().min(1).max(4096).openapi({ description, format: 'password' });

const hostPattern = '^[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?$';
const address = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(300)
    .openapi({
      description: `${description} host:port, IPv6 in brackets.`,
      example,
      pattern: '^[a-z0-9]([a-z0-9.-]{0,50}[a-z0-9])?:[1-9][0-9]{0,3}$',
    });
const host = z.string().min(1).max(253).openapi({ pattern: hostPattern });
const port = z.int().min(1).max(65_535);
const dnsLabel = z.string().min(1).max(63).openapi({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' });

const credentialSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('password'),
        username: z.string().min(1).max(128),
        password: secret('Opens a session, which is closed again.'),
      })
      .openapi('PasswordCredential', {
        example: { type: 'password', username: 'join-operator', password: 'a-password' },
      }),
    z
      .strictObject({
        type: z.literal('apiKey'),
        name: z.string().min(1).max(128),
        secret: secret('Opens no session; needs NeuVector 5.2 or later.').openapi({ pattern: '^[!-~]+$' }),
      })
      .openapi('ApiKeyCredential', { example: { type: 'apiKey', name: 'drover', secret: 'a-secret' } }),
  ])
  .openapi('ControllerCredential');

const trust = {
  ca: pem.openapi({
    description: 'PEM; without it, and without a fingerprint, the public CAs are trusted.',
  }),
  fingerprint: z.string().min(1).max(200).openapi({
    description: 'SHA-256 of the server’s own certificate, trusted in place of a CA.',
    pattern: '^([0-9A-Fa-f]{2}:?){32}$',
  }),
  tlsServerName: host.openapi({
    description: 'The name that the certificate is for, where that is not the host of the address.',
  }),
};

const controller = {
  address: address('Of its REST listener.', '10.20.0.5:10443').optional(),
  cluster: z.string().min(1).max(100).optional().openapi({
    description: 'Id or name of a registered cluster, through whose API server the service is reached.',
  }),
  namespace: dnsLabel.optional(),
  service: dnsLabel.optional(),
  port: port.optional(),
};

const nullable = <S extends Record<string, z.ZodType>>(shape: S) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullable().optional()])) as {
    [N in keyof S]: z.ZodOptional<z.ZodNullable<S[N]>>;
  };

const ways = 'Either "address", with whom to trust there, or "cluster", "namespace", "service" and "port".';

const byAddressExample = {
  address: '10.20.0.5:10443',
  fingerprint:
    '5B:1F:0C:9E:7D:44:A2:60:13:F8:9B:21:77:C0:5E:DD:08:36:E4:9A:B1:52:CF:0D:68:A7:3E:91:F2:4C:85:1B',
  credential: { type: 'apiKey', name: 'drover', secret: 'a-secret' },
};

const controllerSchema = z
  .strictObject({ ...controller, ...z.object(trust).partial().shape, credential: credentialSchema })
  .openapi('Controller', { description: ways, example: byAddressExample });

const controllerPatchSchema = z
  .strictObject({ ...controller, ...nullable(trust), credential: credentialSchema.optional() })
  .openapi('ControllerPatch', {
    description: `${ways} What is left out stays as it is; elsewhere it goes only with "credential".`,
  });

const advertise = { server: host, port };

const primary = {
  federation: address('Its federation listener; left out, the token says it.', '10.10.0.1:11443'),
  rest: address('Its REST listener, to fetch tokens and to clear what is left there.', '10.10.0.1:10443'),
  ca: pem,
  credential: credentialSchema,
};

const storeId = z.string().min(1).max(50).openapi({
  description: 'Its name in the federation begins with it, and where it is advertised is derived of it.',
  example: 'u2204a',
  pattern: '^[a-zA-Z0-9]([a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$',
});
const clusterName = z.string().min(1).max(200).openapi({
  description: 'In place of a store id: its name in the federation, as it stands.',
  example: 'shop-berlin',
  pattern: '^[a-z][a-z0-9-]{0,40}[a-z0-9]$',
});
export const tokenSchema = z.string().min(1).max(16_384).openapi({
  description: 'A join token as the primary gave it out; a secret.',
  format: 'password',
  example: exampleToken,
});
const tokenUrl = z.string().min(1).max(2048).openapi({
  description: 'https; answers a token: plain, or as JSON with "context" or "join_token".',
  format: 'uri',
  example: 'https://tokens.example/join',
});

const join = z
  .boolean()
  .openapi({ description: 'false: for metrics alone; "controller" is then all it takes.' });
const maxAttempts = z
  .int()
  .min(1)
  .max(1000)
  .openapi({
    description: `Tries before it is given up, with 10 to 300 s between them; ${usualMaxAttempts} where it is left out.`,
  });
const stayJoined = z.enum(stayings).openapi({
  description:
    'mend, which is usual: what goes wrong with a member is put right, but one that was put out stays out. always: it joins again. no: it is only told.',
});
const contract = z.enum(contracts).openapi({
  description:
    'controller, which is usual: the join is sent to the own controller. master: to the primary, for gateways that take it there.',
});

export const createSchema = z
  .strictObject({
    name: nameSchema,
    labels: labelsSchema.default({}),
    join: join.default(true),
    storeId: storeId.optional(),
    clusterName: clusterName.optional(),
    controller: controllerSchema,
    advertise: z.strictObject(advertise).partial().optional().openapi({
      description:
        'Where the primary reaches this cluster’s REST listener; left out, cn-wukong-r{storeId}.mcd.store:443.',
    }),
    primary: z.strictObject(primary).partial().optional(),
    token: tokenSchema.optional(),
    tokenUrl: tokenUrl.optional(),
    maxAttempts: maxAttempts.optional(),
    stayJoined: stayJoined.optional(),
    contract: contract.optional(),
  })
  .openapi('JoinCreate', {
    description:
      'With join: true a name (storeId or clusterName) and a way to a token (token, tokenUrl, or the primary’s REST address and credential) are needed.',
    example: {
      name: 'store-0412',
      labels: { env: 'prod', region: 'eu' },
      storeId: 'u2204a',
      controller: byAddressExample,
      token: exampleToken,
    },
  });
export type JoinCreate = z.output<typeof createSchema>;

export const patchSchema = z
  .strictObject({
    labels: labelsPatchSchema,
    join,
    storeId: storeId.nullable(),
    clusterName: clusterName.nullable(),
    controller: controllerPatchSchema,
    advertise: z.strictObject(nullable(advertise)).nullable(),
    primary: z
      .strictObject({
        ...nullable(primary),
        credential: z.union([credentialSchema, z.null()]).optional(),
      })
      .nullable(),
    token: tokenSchema.nullable(),
    tokenUrl: tokenUrl.nullable(),
    maxAttempts,
    stayJoined,
    contract,
  })
  .partial()
  .openapi('JoinPatch', {
    description: 'A JSON merge patch. Secrets that are left out are kept.',
    example: { labels: { env: null }, stayJoined: 'always' },
  });
export type JoinPatch = z.output<typeof patchSchema>;
