import type { Millis } from '#time';

/** One request to a controller's REST or federation listener, however that is reached. */
export interface NvRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `/v1/fed/member`: escaped, without query. */
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** For everything from the wait for a connection to the last byte; looking a name up has its own. */
  timeout?: Millis;
  /** Of the answer's body, inflated. */
  maxBytes?: number;
  signal?: AbortSignal;
  /** False where many short answers are expected: packing them costs both sides more than it spares. */
  isPacked?: boolean;
}

export interface NvAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  /** Inflated; empty where a controller had nothing to say. */
  readonly body: Uint8Array;
}

/** A body that is read while it arrives: lists may be longer than memory should be. */
export interface NvStream {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The way to one listener. Throws DroverErrors for trouble on the way, never for a status. */
export interface Way {
  /** For sentences: `10.20.0.5:10443`, or `service neuvector/… of cluster …`. */
  readonly place: string;
  send(request: NvRequest, pass?: Pass): Promise<NvAnswer>;
  stream(request: NvRequest, pass?: Pass): Promise<NvStream>;
  close(): Promise<void>;
}

/** What a request shows of who asks. */
export type Pass = { kind: 'session'; token: string } | { kind: 'apiKey'; name: string; secret: string };

/** A controller, and who we are there. */
export interface SignedIn {
  readonly way: Way;
  readonly pass: Pass;
}

/** Whom to trust at an address: the public CAs where nothing is said. */
export interface Trust {
  /** PEM */
  ca?: string;
  /** SHA-256 of the server's own certificate, in place of a CA. */
  fingerprint?: string;
  tlsServerName?: string;
}

/** What a controller said where it did not say yes; `code` is null where its answer was not NeuVector's. */
export interface Refusal {
  readonly status: number;
  readonly code: number | null;
  readonly message: string;
}
