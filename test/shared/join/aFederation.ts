import { onTestFinished } from 'vitest';
import type { Net } from '#net';
import { type Clock, day, type Millis, second } from '#time';
import type { ApiAnswer, ApiRequest } from '../../../infra/world/kubernetes/api.ts';
import { controllerCertificate } from '../../../infra/world/neuvector/certificate.ts';
import { Controller, type ControllerOptions } from '../../../infra/world/neuvector/controller.ts';
import { asPrimary, type RestInfo, standalone } from '../../../infra/world/neuvector/federation/state.ts';
import type { ListenerName } from '../../../infra/world/neuvector/route.ts';
import type { QuietClock } from '../../fixtures/quietClock.ts';
import { inProcessNet } from './inProcessNet.ts';

export const password = 'a-good-password';

/** One request on its way to a controller. */
export interface Passing {
  readonly from: string;
  readonly to: string;
  readonly listener: ListenerName;
  readonly method: string;
  readonly path: string;
}
export type Intercept = (
  passing: Passing,
  go: () => Promise<ApiAnswer>,
  request: ApiRequest,
) => Promise<ApiAnswer>;

export interface Placed {
  readonly controller: Controller;
  readonly rest: RestInfo;
  readonly federation: RestInfo;
}

const listeners = ['rest', 'federation'] as const;
const patience = 10 * second;

/** What a socket says of whom nobody waits behind, and of an answer that is lost. */
export const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
export const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** Simulated controllers that reach each other without sockets, by the same clock as whoever asks them. */
export class Federation {
  readonly clock: QuietClock;
  /** So many Drover processes there are. */
  joiners = 0;
  /** What becomes of each request, theirs and Drover's; nothing, unless a test says so. */
  intercept: Intercept = (_, go) => go();
  readonly #at = new Map<number, { name: string; listener: ListenerName; controller: Controller }>();
  #nextPort = 20_000;

  constructor(clock: QuietClock) {
    this.clock = clock;
  }

  add(name: string, given: Partial<ControllerOptions> = {}, skew: Millis = 0): Placed {
    const clock: Clock =
      skew === 0
        ? this.clock
        : { now: () => this.clock.now() + skew, sleep: (wait, until) => this.clock.sleep(wait, until) };
    const [rest, federation] = listeners.map(() => ({ server: '127.0.0.1', port: this.#nextPort++ }));
    const controller = new Controller({
      name,
      seed: 'test',
      clock,
      users: [
        { username: 'admin', password, role: 'admin' },
        { username: 'reader', password, role: 'reader' },
      ],
      keys: [{ name: 'drover', secret: 's3cret-of-the-key', role: 'admin' }],
      state: { ...standalone(), clusterName: name },
      report: (error) => {
        throw error;
      },
      ...given,
    });
    for (const listener of listeners) {
      const { port } = listener === 'rest' ? rest! : federation!;
      this.#at.set(port, { name, listener, controller });
    }
    controller.remote.ask = async (to, path, { method = 'POST', token, body } = {}) => {
      const request: ApiRequest = {
        method,
        path,
        query: new URLSearchParams(),
        headers: { ...(token !== undefined && { 'x-auth-token': token }) },
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
        signal: new AbortController().signal,
      };
      const late = new AbortController();
      const tooLate = clock.sleep(patience, late.signal).then(() => {
        if (!late.signal.aborted) throw new Error('context deadline exceeded');
        return new Promise<never>(() => {});
      });
      try {
        const answer = await Promise.race([this.#serve(name, to.port, request), tooLate]);
        return { status: answer.status, body: String(answer.body) };
      } finally {
        late.abort();
      }
    };
    onTestFinished(() => controller[Symbol.asyncDispose]());
    return { controller, rest: rest!, federation: federation! };
  }

  addPrimary(name = 'primary', given: Partial<ControllerOptions> = {}, skew: Millis = 0): Placed {
    const at = { server: '127.0.0.1', port: this.#nextPort + 1 };
    const state = { ...standalone(), clusterName: name, ...asPrimary(at) };
    const users = [{ username: 'admin', password, role: 'fedAdmin' as const }];
    const keys = [{ name: 'drover', secret: 's3cret-of-the-key', role: 'fedAdmin' as const }];
    return this.add(name, { users, keys, state, ...given }, skew);
  }

  /** The way out of a Drover process of that name; what it sends goes through `through`. */
  netOf(name: string, through: (go: () => Promise<ApiAnswer>) => Promise<ApiAnswer> = (go) => go()): Net {
    return inProcessNet(this.clock, ({ port }, request) => through(() => this.#serve(name, port, request)));
  }

  async #serve(from: string, port: number, request: ApiRequest): Promise<ApiAnswer> {
    this.clock.touch();
    const found = this.#at.get(port);
    const isOpen = found && (found.listener === 'rest' || found.controller.state.role === 'master');
    if (!isOpen) throw refused();
    const { name: to, listener, controller } = found;
    const passing = { from, to, listener, method: request.method, path: request.path };
    const answer = await this.intercept(passing, () => controller.answer(listener, request), request);
    this.clock.touch();
    return answer;
  }
}

/** Nobody looks at it, for nothing is dialled; and yet it must be one. */
export const certificate = controllerCertificate({ notBefore: Date.now() - day, notAfter: Date.now() + day });
