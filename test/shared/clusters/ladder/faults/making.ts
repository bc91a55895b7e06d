import { X509Certificate } from 'node:crypto';
import type { Resolve } from '#net';
import { hour, type Instant, second } from '#time';
import type { Fault } from '../../../../../infra/world/faults/fault.ts';
import type { LadderInput } from '../../../../../shared/clusters/ladder/ladder.ts';
import type { LadderStep, Validation } from '../../../../../shared/clusters/ladder/validation.ts';
import { expose, type json } from '../aCluster.ts';
import { climbing, type Trying } from '../climbing.ts';
import * as servers from '../servers.ts';
import { StandingClock } from '../standingClock.ts';

export interface FaultCase {
  /** As docs/faults.md tells it. */
  readonly fault: string;
  readonly step: LadderStep;
  readonly code: string;
  readonly outcome: 'failed' | 'warning';
  climb(stack: AsyncDisposableStack): Promise<Validation>;
}

export type Making = (stack: AsyncDisposableStack) => Promise<Trying>;

export const failing = (fault: string, step: LadderStep, code: string, make: Making): FaultCase => ({
  fault,
  step,
  code,
  outcome: 'failed',
  climb: async (stack) => (await climbing(await make(stack))).validation,
});

export const warning = (fault: string, step: LadderStep, code: string, make: Making): FaultCase => ({
  ...failing(fault, step, code, make),
  outcome: 'warning',
});

/** Nobody is asked: there is nobody. */
export const locally =
  (input: Partial<LadderInput>): Making =>
  async () => ({ server: 'https://192.0.2.1:6443', input });

/** The whole cluster, with these faults of the simulated world. */
export const world =
  (...faults: Fault[]): Making =>
  async (stack) => ({ server: (await expose(stack, { faults })).url });

export const having =
  (make: Making, more: Omit<Trying, 'server'>): Making =>
  async (stack) => ({ ...(await make(stack)), ...more });

/** HTTPS that is verified and no API server. */
export const page =
  (code: number, type: string, body: string): Making =>
  async (stack) => ({
    server: (
      await servers.https(stack, (_, response) => {
        response.writeHead(code, { 'content-type': type }).end(body);
      })
    ).url,
  });

export const named =
  (resolve: Resolve): Making =>
  async (stack) => {
    const { port } = await expose(stack);
    return { server: `https://api.example.com:${port}`, resolve };
  };

export const failingLookUp =
  (code: string): Resolve =>
  async () => {
    throw Object.assign(new Error(code), { code });
  };

export const through =
  (make: (stack: AsyncDisposableStack) => Promise<string>, more: Omit<Trying, 'server'> = {}): Making =>
  async (stack) => {
    const { port } = await expose(stack);
    const proxy = await make(stack);
    const trying = { server: `https://api.example.com:${port}`, ...more };
    return { ...trying, input: { proxy, ...more.input } };
  };

export const answeringProxy = (answer: string) => async (stack: AsyncDisposableStack) =>
  `http://127.0.0.1:${(await servers.proxy(stack, () => answer)).port}`;

export const workingProxy = async (stack: AsyncDisposableStack) =>
  `http://127.0.0.1:${(await servers.proxy(stack)).port}`;

/** A JWT that nobody signed. */
export const aToken = (claims: object): string =>
  [
    { alg: 'RS256', kid: 'x' },
    { sub: 'system:serviceaccount:a:b', iss: 'https://issuer', ...claims },
    'signature',
  ]
    .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
    .join('.');

export const seconds = (at: Instant) => Math.floor(at / 1000);
export const token = (text: string): Partial<LadderInput> => ({ credential: { type: 'token', token: text } });
export const certificate = (certified: { certPem: string; keyPem: string }): Partial<LadderInput> => ({
  credential: { type: 'certificate', certificate: certified.certPem, key: certified.keyPem },
});

export const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

/** The cluster with one path answered otherwise. */
export const answering =
  (path: string | RegExp, answer: ReturnType<typeof json>): Making =>
  async (stack) => {
    const isIt = (given: string) => (typeof path === 'string' ? given === path : path.test(given));
    const { url } = await expose(stack, { instead: (request) => (isIt(request.path) ? answer : undefined) });
    return { server: url };
  };

/** More than any one rung may take, less than what is left for all. */
export const tooLong = 6 * second;

/** The cluster, which never answers at this path. */
export const hanging =
  (path: RegExp): Making =>
  async (stack) => {
    const clock = new StandingClock();
    const { url } = await expose(stack, {
      instead: ({ path: asked }) => {
        if (!path.test(asked)) return undefined;
        clock.push(tooLong);
        return new Promise<never>(() => {});
      },
    });
    return { server: url, clock };
  };

/** TCP that listens and says nothing. */
export const silent: Making = async (stack) => {
  const clock = new StandingClock();
  const { url } = await servers.tcp(stack, (socket) => void socket.once('data', () => clock.push(tooLong)));
  return { server: url, clock };
};

/** Each answer takes so long, by the clock. */
export const slow =
  (millis: number): Making =>
  async (stack) => {
    const clock = new StandingClock();
    const { url } = await expose(stack, { instead: () => void clock.push(millis) });
    return { server: url, clock, budgets: { http: hour, whole: hour } };
  };
