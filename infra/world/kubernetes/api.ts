import type { User } from './objects.ts';

/** A request as it reached the API server, whatever carried it. */
export interface ApiRequest {
  method: string;
  /** Decoded by no one yet: `/api/v1/namespaces/a%2Fb`. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. What came several times is joined with `, `; of `impersonate-…`, with a line break. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Who the verified client certificate names (`certificateUser` of auth/). */
  certificateUser?: User;
  /** Why the presented client certificate is not good. Another good credential still counts, else this is a 401. */
  certificateFault?: string;
  /** Reads are answered from the state at this revision, as by a server that lags behind. */
  staleAt?: number;
  /** Aborted when the client has gone: a watch ends. */
  signal: AbortSignal;
}

export interface ApiAnswer {
  status: number;
  /** Several of one name stand in one value, with line breaks between them. */
  headers: Record<string, string>;
  /** Pieces for a watch, or what a proxied service sends: each is written as it comes. */
  body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}
