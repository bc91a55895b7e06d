import { z } from 'zod';
import { type Millis, second } from '#time';
import type { SignedIn } from './access.ts';
import { askFor, askTo, type CallOptions } from './ask.ts';
import type { RestInfo } from './fedMembers.ts';
import { NvRefused } from './refused.ts';

export interface JoinBody {
  /** Of this cluster in the federation, for good. Also the controller's own from then on, whatever comes of the join. */
  name?: string;
  /** The primary's federation listener; what is left out comes from the token. */
  server?: string;
  port?: number;
  token: string;
  /** Where the primary reaches this cluster's REST listener. */
  joint?: RestInfo;
}

/** A controller waits 20 s for the federation's lock, and its primary as long, which then looks whether it is reached. */
const patience: Millis = 60 * second;

export const join = (
  who: SignedIn,
  { token, joint, ...more }: JoinBody,
  options: CallOptions = {},
): Promise<void> =>
  askTo(
    who,
    {
      method: 'POST',
      path: '/v1/fed/join',
      body: { ...more, join_token: token, ...(joint && { joint_rest_info: joint }) },
      timeout: patience,
      ...options,
    },
    [token],
  );

/**
 * Whether a join would be listened to. What is sent is none, and is refused as such when everything else has been
 * looked at: so nothing changes. Throws what would hinder one: the role, what is left of a federation, a clean-up.
 */
export async function mayJoin(who: SignedIn, options: CallOptions = {}): Promise<void> {
  try {
    await askTo(who, { method: 'POST', path: '/v1/fed/join', body: '', timeout: patience, ...options });
  } catch (error) {
    const isNone = error instanceof NvRefused && error.refusal.status === 400 && error.refusal.code === 6;
    if (!isNone) throw error;
  }
}

/** `force`: also without the primary, which then keeps an entry of nobody. */
export const leave = (who: SignedIn, force: boolean, options: CallOptions = {}): Promise<void> =>
  askTo(who, { method: 'POST', path: '/v1/fed/leave', body: { force }, timeout: patience, ...options });

const tokenAnswer = z.object({ join_token: z.string().min(1) });

/** Of a primary. It counts for an hour unless told otherwise, for any number of clusters. */
export async function joinToken(who: SignedIn, minutes?: number, options: CallOptions = {}): Promise<string> {
  const request = { path: '/v1/fed/join_token', query: { token_duration: minutes }, ...options };
  return (await askFor(who, request, tokenAnswer)).join_token;
}

/** At a primary: what does not answer any more is dismissed all the same. */
export const removeMember = (who: SignedIn, id: string, options: CallOptions = {}): Promise<void> =>
  askTo(who, {
    method: 'DELETE',
    path: `/v1/fed/cluster/${encodeURIComponent(id)}`,
    timeout: patience,
    ...options,
  });

const deployAnswer = z.object({ results: z.record(z.string(), z.int()).nullish() });

/** At a primary: has these members take over its rules now. Of each, what came of it in NeuVector's numbers. */
export async function deploy(
  who: SignedIn,
  ids: readonly string[],
  force: boolean,
  options: CallOptions = {},
): Promise<Record<string, number>> {
  const request = {
    method: 'POST',
    path: '/v1/fed/deploy',
    body: { force, ids },
    timeout: patience,
  } as const;
  return (await askFor(who, { ...request, ...options }, deployAnswer)).results ?? {};
}

export interface FederationPatch {
  name?: string;
  /** Its own address in the federation. */
  restInfo?: RestInfo;
  pingMinutes?: number;
  pollMinutes?: number;
}

export const configure = (
  who: SignedIn,
  { name, restInfo, pingMinutes, pollMinutes }: FederationPatch,
  options: CallOptions = {},
): Promise<void> =>
  askTo(who, {
    method: 'PATCH',
    path: '/v1/fed/config',
    body: { name, rest_info: restInfo, ping_interval: pingMinutes, poll_interval: pollMinutes },
    timeout: patience,
    ...options,
  });
