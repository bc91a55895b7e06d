import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { day, type Millis } from '#time';
import { WorldClock } from '../../../../infra/world/clock.ts';
import { controllerCertificate } from '../../../../infra/world/neuvector/certificate.ts';
import { Controller, type ControllerOptions } from '../../../../infra/world/neuvector/controller.ts';
import { type ExposedController, exposeController } from '../../../../infra/world/neuvector/exposed.ts';

const start = Date.parse('2026-03-01T10:00:00Z');

/** Stands still but for steps. What controllers pause for while they answer is over at once; what they wait for at most is not. */
export class SteppedClock extends WorldClock {
  constructor() {
    super({ speed: 0, real: () => start });
  }

  override sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return wait === 2_000 && until === undefined ? Promise.resolve() : super.sleep(wait, until);
  }
}

const certificate = controllerCertificate({ notBefore: Date.now() - day, notAfter: Date.now() + day });
/** Ports are used again by others: no connection is kept for longer than a test pauses. */
const kept = { keepAliveTimeout: 500, keepAliveMaxTimeout: 500 };
const agent = new Agent({ connect: { ca: certificate.certPem }, allowH2: false, ...kept });

// biome-ignore lint/suspicious/noExplicitAny: whatever a controller answers
type Anything = any;

export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
  body: Anything;
}

interface Sent {
  token?: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** As any client that speaks HTTPS and knows the certificate. */
export async function ask(port: number, method: string, path: string, sent: Sent = {}): Promise<Answered> {
  const { token, key, body, headers } = sent;
  const answer = await request(`https://127.0.0.1:${port}${path}`, {
    dispatcher: agent,
    method: method as 'GET',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { 'x-auth-token': token }),
      ...(key !== undefined && { 'x-auth-apikey': key }),
      ...headers,
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.body.text();
  const isJson = text.startsWith('{') || text.startsWith('[');
  return {
    status: answer.statusCode,
    headers: answer.headers as Record<string, string>,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

export interface TestController extends ExposedController {
  readonly port: number;
  /** Its certificate, which it has signed itself. */
  readonly ca: string;
  readonly clock: SteppedClock;
  /** As an administrator with an API key, unless something else is sent. */
  call(method: string, path: string, sent?: Sent): Promise<Answered>;
  signIn(username?: string, password?: string): Promise<string>;
}

/** A controller on free ports, for the time of a test. */
export async function aController(
  given: Partial<ControllerOptions> = {},
  clock = new SteppedClock(),
): Promise<TestController> {
  const controller = new Controller({
    name: 'one',
    seed: 'test',
    clock,
    users: [
      { username: 'admin', password: 'a-good-password', role: 'admin' },
      { username: 'reader', password: 'a-good-password', role: 'reader' },
      { username: 'nobody', password: 'a-good-password', role: '' },
    ],
    keys: [
      { name: 'all', secret: 's3cret', role: 'admin' },
      { name: 'fed', secret: 's3cret', role: 'fedAdmin' },
      { name: 'read', secret: 's3cret', role: 'reader' },
    ],
    ...given,
  });
  const exposed = await exposeController(controller, { certificate });
  onTestFinished(() => exposed[Symbol.asyncDispose]());
  const { port } = exposed.rest;
  return {
    ...exposed,
    port,
    ca: certificate.certPem,
    clock,
    call: (method, path, sent = {}) =>
      ask(port, method, path, sent.token === undefined ? { key: 'all:s3cret', ...sent } : sent),
    async signIn(username = 'admin', password = 'a-good-password') {
      const { body } = await ask(port, 'POST', '/v1/auth', { body: { password: { username, password } } });
      return body.token.token;
    },
  };
}

/** A primary that is reached under its own address. */
export async function aPrimary(
  given: Partial<ControllerOptions> = {},
  clock = new SteppedClock(),
): Promise<TestController> {
  const primary = await aController({ name: 'primary', ...given }, clock);
  const body = {
    name: 'headquarters',
    master_rest_info: { server: '127.0.0.1', port: primary.federation.port },
  };
  const promoted = await primary.call('POST', '/v1/fed/promote', { body });
  if (promoted.status !== 200) throw new Error(promoted.text);
  return primary;
}

export async function aJoinToken(primary: TestController, query = ''): Promise<string> {
  const { body } = await primary.call('GET', `/v1/fed/join_token${query}`, { key: 'fed:s3cret' });
  return body.join_token;
}

export const ownAddress = ({ port }: TestController) => ({ server: '127.0.0.1', port });
