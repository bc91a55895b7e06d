import type { Agent, Dispatcher } from 'undici';
import { faultOf, netError, type Place } from '#net';

export interface Head {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  /** As it came over the wire. */
  readonly wire: Uint8Array;
}

/** One request and its answer, held to a number of bytes, on undici's own terms: a stream would cost more. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #place: Place;
  readonly #maxBytes: number;
  #settle: { resolve: (head: Head) => void; reject: (error: Error) => void } | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #abortedBy: Error | undefined;
  #status = 0;
  #headers: Head['headers'] = {};
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(place: Place, maxBytes: number) {
    this.#place = place;
    this.#maxBytes = maxBytes;
  }

  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  get isAnswered(): boolean {
    return this.#status > 0;
  }

  /** Rejects with the reason of `stop` as soon as that is aborted. */
  async over(agent: Agent, options: Agent.DispatchOptions, stop: AbortSignal): Promise<Head> {
    const abort = () => this.#abort(stop.reason);
    stop.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<Head>((resolve, reject) => {
        this.#settle = { resolve, reject };
        agent.dispatch(options, this);
      });
    } finally {
      stop.removeEventListener('abort', abort);
    }
  }

  /** What still waits for its connection is dropped when that stands. */
  #abort(error: Error): void {
    this.#abortedBy ??= error;
    this.#settle?.reject(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abortedBy) controller.abort(this.#abortedBy);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Head['headers']): void {
    this.#status = status;
    this.#headers = headers;
    // Of one that says its length beforehand, nothing needs to be read.
    const length = Number(headers['content-length'] ?? 0);
    if (length > this.#maxBytes) this.#abort(this.#tooLarge());
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) this.#abort(this.#tooLarge());
    else this.#pieces.push(piece);
  }

  onResponseEnd(): void {
    const wire = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const resolve = () => this.#settle?.resolve({ status: this.#status, headers: this.#headers, wire });
    // undici frees the connection in an immediate of its own, which is set by then: whoever asks again at once would
    // else be given a second connection.
    queueMicrotask(() => setImmediate(resolve));
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#settle?.reject(this.#abortedBy ?? this.#faultOf(error));
  }

  #faultOf(error: Error): Error {
    // What we asked for cannot be sent: that is ours, not the cluster's.
    if ((error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG') return error;
    return faultOf(error, 'http', this.#place);
  }

  #tooLarge = () => netError('RESPONSE_TOO_LARGE', { ...this.#place, bytes: this.#maxBytes });
}
