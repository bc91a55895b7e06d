import { z } from 'zod';

/** Which requests a fault meets. Without any of these: all of them. */
export const pattern = z.strictObject({
  methods: z.array(z.string().regex(/^[A-Z]+$/)).optional(),
  /** `*` stands for anything but a slash, `**` for anything: `/api/v1/namespaces/*\/pods`. */
  path: z.string().startsWith('/').optional(),
  /** As RBAC names them: get, list, watch, create, update, patch, delete, deletecollection. */
  verbs: z.array(z.string()).optional(),
  /** `pods`, `jobs.batch`, `pods/log`. */
  resources: z.array(z.string()).optional(),
});

const millis = z.int().min(0).max(3_600_000);
const bytes = z.int().min(0);
const httpStatus = z.int().min(400).max(599);

/** What is the matter with the connection: no request gets as far as being looked at. */
export const connectionFault = z.discriminatedUnion('kind', [
  /** Nothing listens. */
  z.strictObject({ kind: z.literal('refused') }),
  /** Connections are taken and nothing is ever said: TLS does not begin. */
  z.strictObject({ kind: z.literal('silent') }),
  /** Connections are neither taken nor refused, as by a firewall that drops. */
  z.strictObject({ kind: z.literal('dropped') }),
  /** Connections are reset when TLS begins. */
  z.strictObject({ kind: z.literal('resetAtOnce') }),
  /** HTTP without TLS on the port. */
  z.strictObject({ kind: z.literal('plainHttp') }),
  z.strictObject({
    kind: z.literal('certificate'),
    problem: z.enum([
      'expired',
      'notYetValid',
      /** Of a CA with the same name and another key, as after a cluster was made anew. */
      'foreignCa',
      /** The same, and the CA's own certificate is sent along. */
      'foreignCaSent',
      'selfSigned',
      /** Of an intermediate CA whose certificate is not sent. */
      'incompleteChain',
      'wrongName',
    ]),
  }),
  /** TLS 1.1 and older only. */
  z.strictObject({ kind: z.literal('oldTls') }),
  /** No cipher in common. */
  z.strictObject({ kind: z.literal('noSharedCipher') }),
  /** As before a load balancer that lets nobody in without a certificate. */
  z.strictObject({ kind: z.literal('clientCertificateRequired') }),
]);

const met = {
  on: pattern.optional(),
  times: z.int().min(1).optional(),
  chance: z.number().gt(0).max(1).optional(),
};

export const requestFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), millis, jitterMillis: millis.optional(), ...met }),
  /** The request is taken and never answered. */
  z.strictObject({ kind: z.literal('hang'), ...met }),
  /** The connection is reset: before the head of the answer, or after so many bytes of its body. */
  z.strictObject({ kind: z.literal('reset'), afterBytes: bytes.optional(), ...met }),
  /** The body ends early and looks whole. */
  z.strictObject({ kind: z.literal('truncated'), afterBytes: bytes, ...met }),
  z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.int().min(1), ...met }),
  /** A `Status` as Kubernetes words it. */
  z.strictObject({
    kind: z.literal('status'),
    code: z.union([
      z.literal(401),
      z.literal(403),
      z.literal(429),
      z.literal(500),
      z.literal(503),
      z.literal(504),
    ]),
    retryAfterSeconds: z.int().min(0).optional(),
    ...met,
  }),
  /** An error as a NeuVector controller words it. */
  z.strictObject({
    kind: z.literal('neuvector'),
    status: httpStatus,
    code: z.int().min(0),
    message: z.string().optional(),
    ...met,
  }),
  /** These checks of /readyz (and /livez) fail. */
  z.strictObject({
    kind: z.literal('unready'),
    checks: z.array(z.string().min(1)).min(1),
    isDead: z.boolean().optional(),
    ...met,
  }),
  /** A page of a proxy, a login or a firewall in place of an answer. */
  z.strictObject({ kind: z.literal('html'), code: z.union([z.literal(200), httpStatus]), ...met }),
  z.strictObject({
    kind: z.literal('redirect'),
    to: z.string().min(1),
    code: z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)]).optional(),
    ...met,
  }),
  /** 407 from a proxy that wants to know who asks. */
  z.strictObject({ kind: z.literal('proxyAuthentication'), ...met }),
  /** What proves who asks is lost on the way, as behind a load balancer that ends TLS. */
  z.strictObject({ kind: z.literal('credentialsLost'), ...met }),
  /** 410 for every further page of a list. */
  z.strictObject({ kind: z.literal('continueExpired'), ...met }),
  /** Watches end: cleanly, by a reset, in the middle of a line, or with the event that says 410. */
  z.strictObject({
    kind: z.literal('watchDropped'),
    afterMillis: millis,
    how: z.enum(['ended', 'reset', 'halfLine', 'expired']),
    ...met,
  }),
  /** Reads are answered from the state at which the fault was switched on. */
  z.strictObject({ kind: z.literal('stale'), ...met }),
  /** Nobody answers for an aggregated API: discovery is partial, its resources are 503. */
  z.strictObject({
    kind: z.literal('apiUnavailable'),
    group: z.string().min(1),
    version: z.string().min(1),
    ...met,
  }),
  /** The Date header is off by so much. */
  z.strictObject({ kind: z.literal('clockSkew'), millis: z.int(), ...met }),
  /** Says of itself to be of another minor version. */
  z.strictObject({ kind: z.literal('version'), minor: z.int().min(1).max(99), ...met }),
  /** Another cluster answers at this address: the UID of the namespace kube-system is another one. */
  z.strictObject({ kind: z.literal('otherCluster'), ...met }),
]);

export const fault = z.union([connectionFault, requestFault]);

export type Pattern = z.infer<typeof pattern>;
export type ConnectionFault = z.infer<typeof connectionFault>;
export type RequestFault = z.infer<typeof requestFault>;
export type Fault = ConnectionFault | RequestFault;

const connectionKinds: ReadonlySet<string> = new Set(
  connectionFault.options.map(({ shape }) => shape.kind.value),
);

export const isOfConnection = (given: Fault): given is ConnectionFault => connectionKinds.has(given.kind);
