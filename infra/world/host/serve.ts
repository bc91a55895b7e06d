import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiRequest } from '../kubernetes/api.ts';
import { targetOf } from '../kubernetes/http/target.ts';
import { StatusError } from '../kubernetes/status.ts';
import type { Delivery, Response } from './delivery.ts';
import { presented } from './presented.ts';
import { bodyLimit, type Incoming, readRequest } from './readRequest.ts';
import { type Outgoing, writeAnswer } from './writeAnswer.ts';

/** One of the API servers behind a listener. */
export interface Served {
  respond(request: ApiRequest): Promise<Response>;
  /** Whose flow a request is counted to, as the API server's answers say. */
  readonly flow: { readonly schemaUid: string; readonly levelUid: string };
}

/** Which one a request is for, and its path there. */
export interface Found {
  readonly served: Served;
  readonly path: string;
}

/** Carries a request from its socket to the API server and the answer back. */
export async function serve(
  incoming: Incoming,
  outgoing: Outgoing,
  find: (path: string, host: string) => Found | undefined,
  reset: () => void,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  // A client that goes away in the middle is none of ours; whoever writes sees `destroyed`.
  outgoing.on('error', () => gone.abort());
  const headers = commonHeaders(incoming);
  const wire = { outgoing, headers, acceptsGzip: acceptsGzip(incoming), isFlow: false, reset };
  try {
    const request = await readRequest(incoming, gone.signal);
    const found = request && find(request.path, request.headers.host ?? '');
    // What is left of too large a body is not read, so the connection can carry no other request.
    if (!request && incoming.httpVersionMajor === 1) headers.connection = 'close';
    // Watches and what a service sends are passed on as they come; lists only come in pieces because they are long.
    if (found) wire.isFlow = targetOf({ ...request, path: found.path }).verb !== 'list';
    const answer = request ? await answerOf(request, found, incoming.socket, headers) : tooLarge;
    if (answer !== 'hang') await writeAnswer(answer, wire);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (outgoing.headersSent) return reset();
    await writeAnswer(
      failure(new StatusError(500, 'InternalError', `Internal error occurred: ${error}`)),
      wire,
    );
  }
}

async function answerOf(
  request: ApiRequest,
  found: Found | undefined,
  socket: Socket,
  headers: OutgoingHttpHeaders,
): Promise<Response> {
  if (!found) return noSuchCluster;
  const response = await found.served.respond({ ...request, path: found.path, ...presented(socket) });
  if (response !== 'hang' && response.answer.status !== 401) {
    headers['x-kubernetes-pf-flowschema-uid'] = found.served.flow.schemaUid;
    headers['x-kubernetes-pf-prioritylevel-uid'] = found.served.flow.levelUid;
  }
  return response;
}

const commonHeaders = ({ headers }: Incoming): OutgoingHttpHeaders => ({
  'audit-id': [headers['audit-id'] ?? []].flat()[0] ?? randomUUID(),
  'cache-control': 'no-cache, private',
});

export const acceptsGzip = ({ headers }: Incoming): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((encoding) => encoding.trim() === 'gzip');

function failure(error: StatusError): Delivery {
  return {
    answer: {
      status: error.status.code,
      headers: { 'content-type': 'application/json', ...error.headers },
      body: `${JSON.stringify(error.status)}\n`,
    },
  };
}

const tooLarge = failure(
  new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`),
);

/** As a gateway words it: behind it there is no API server that could. */
const noSuchCluster: Delivery = {
  answer: {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'no such cluster\n',
  },
};
