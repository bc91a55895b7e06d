import type { Instant, Millis } from '#time';

/** How a cluster is reached and who asks: at most one of `bearer` and `certificate`. */
export interface KubeAccess {
  /** https, with a path where a gateway tells clusters apart by it. */
  server: string;
  /** PEM; in place of the system's. */
  ca?: string;
  /** SHA-256 of the server's own certificate, in place of a CA. */
  fingerprint?: string;
  tlsServerName?: string;
  proxy?: string;
  /** False only where an administrator allows it. */
  verify?: boolean;
  /** Called per request, so that short-lived EKS tokens can be made anew. */
  bearer?: () => string;
  certificate?: { certificate: string; key: string };
  /** When its credential was opened; a pool keeps the connection for five minutes from then. */
  openedAt?: Instant;
}

export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As `pathOf` makes it: escaped, without query. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  /** An object is sent as JSON. */
  body?: unknown;
  contentType?: string;
  accept?: string;
  /** Further ones, in lower case: what stands behind the API server may ask for its own. */
  headers?: Readonly<Record<string, string>>;
  /** For everything, from the wait for a connection to the last byte. */
  timeout?: Millis;
  /** Of the answer's body, decompressed. */
  maxBytes?: number;
  signal?: AbortSignal;
}

/** What an answer is an answer to. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
}

export interface KubeAnswer {
  readonly asked: Asked;
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Uint8Array;
  readonly ms: Millis;
  /** Throws NOT_KUBERNETES where the answer is no JSON, and HTTP_CUT where it ends in the middle. */
  json(): unknown;
}

/** An answer whose body is read while it arrives. Until it is read, or left, it keeps a connection for itself. */
export interface KubeStream extends Pick<KubeAnswer, 'asked' | 'status' | 'headers'> {
  /** Unpacked. Throws as `send` does. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when its connection is free again: the body was read, was left, or broke off. */
  readonly ended: Promise<void>;
  /** In place of `body`: all of it, if it is no longer than that. */
  whole(maxBytes?: number): Promise<KubeAnswer>;
}

export interface ServerCertificate {
  readonly subject: string;
  readonly notAfter: Instant;
}

export interface KubeConnection {
  /** Of who was connected last; behind a proxy, the proxy's. */
  readonly address: string | undefined;
  /** The server's own certificate, once connected. */
  readonly certificate: ServerCertificate | undefined;
  /** Throws DroverErrors for trouble on the way, never for a status. */
  send(request: KubeRequest): Promise<KubeAnswer>;
  stream(request: KubeRequest): Promise<KubeStream>;
  /** Ends what is under way. */
  close(): Promise<void>;
}
