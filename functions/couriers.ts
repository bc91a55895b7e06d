import type { LambdaClient } from '@aws-sdk/client-lambda';
import { DroverError, type ErrorEntry, type FieldError, type Values } from '#errors';
import type { Couriers, HandOver, Json, Log } from '#reconcile';
import type { Settings } from '#settings';
import { type Clock, second } from '#time';
import { fail } from './errors.ts';

/** What a worker function receives. */
export type Delivery = HandOver | { at: number; kind: 'call'; request: { [name: string]: Json } };

/** What a worker answers a call with; errors keep their sentences in both languages. */
export type CallAnswer =
  | { ok: true; value: Json }
  | {
      ok: false;
      code: string;
      entry: ErrorEntry;
      values: Values;
      fields: readonly FieldError[];
      retryAfterSeconds: number | null;
      members: Readonly<Record<string, unknown>>;
    };

const tickAsked = { kind: 'asked' } as const;

/** A tick that somebody asked for, unlike those that the timer brings. */
export const askedTick = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'kind' in event && event.kind === tickAsked.kind;

/** A call must be answered well within the 29 s that a gateway waits. */
const callPatience = 25 * second;

export const functionName = (
  { functions }: Pick<Settings, 'functions'>,
  area: string,
  handler: 'tick' | 'work',
): string => `${functions}-${area}-${handler}`;

/** Couriers over Lambda's Invoke, which the local emulator answers too. */
export function lambdaCouriers(settings: Settings, clock: Clock, log: Log): Couriers {
  let client: Promise<LambdaClient> | undefined;
  const connect = () => {
    client ??= connectLambda(settings);
    return client;
  };

  async function invoke(name: string, type: 'Event' | 'RequestResponse', payload: object | undefined) {
    const { InvokeCommand } = await import('./invoke.ts');
    return (await connect()).send(
      new InvokeCommand({
        FunctionName: name,
        InvocationType: type,
        ...(payload && { Payload: JSON.stringify(payload) }),
      }),
      { abortSignal: AbortSignal.timeout(type === 'Event' ? 5 * second : callPatience) },
    );
  }

  async function send(name: string, payload?: object): Promise<void> {
    try {
      await invoke(name, 'Event', payload);
    } catch (error) {
      log.warn('hand-over lost; the next tick finds the work', { function: name, error: String(error) });
    }
  }

  return {
    work: (area, handOver) => send(functionName(settings, area, 'work'), handOver),
    tick: (area) => send(functionName(settings, area, 'tick'), tickAsked),
    async call(area, request) {
      const name = functionName(settings, area, 'work');
      const delivery: Delivery = { at: clock.now(), kind: 'call', request };
      const answered = await invoke(name, 'RequestResponse', delivery).catch((cause: unknown) => {
        throw fail('WORKER_UNREACHABLE', { area, function: name }, { cause });
      });
      const answer = answered.FunctionError === undefined && readAnswer(answered.Payload);
      if (!answer) {
        throw fail('WORKER_FAILED', { area, function: name }, { cause: answered.FunctionError });
      }
      if (answer.ok) return answer.value;
      throw new DroverError(answer.code, answer.entry, answer.values, {
        fields: answer.fields,
        members: answer.members,
        ...(answer.retryAfterSeconds !== null && { retryAfterSeconds: answer.retryAfterSeconds }),
      });
    },
  };
}

/** The other end of `call`, in the worker: what `work` gives or throws, as an answer that can travel. */
export async function answerCall(
  settings: Settings,
  area: string,
  log: Log,
  work: () => Promise<Json>,
): Promise<CallAnswer> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof DroverError) return asAnswer(error);
    log.error('call failed', { area, error });
    return asAnswer(fail('WORKER_FAILED', { area, function: functionName(settings, area, 'work') }));
  }
}

const asAnswer = ({ code, entry, values, fields, retryAfterSeconds, members }: DroverError): CallAnswer => ({
  ok: false,
  code,
  entry,
  values,
  fields,
  retryAfterSeconds: retryAfterSeconds ?? null,
  members,
});

/** The client is only loaded where something is handed over: it would cost every cold start some 40 ms. */
async function connectLambda(settings: Settings): Promise<LambdaClient> {
  const { LambdaClient } = await import('./invoke.ts');
  return new LambdaClient({
    maxAttempts: 2,
    ...(settings.lambdaEndpoint !== undefined && {
      endpoint: settings.lambdaEndpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
}

/** The SDK's types know no null; its answer does where the payload was empty. */
function readAnswer(payload: Uint8Array | null | undefined): CallAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
    return typeof answer === 'object' && answer !== null && 'ok' in answer
      ? (answer as CallAnswer)
      : undefined;
  } catch {
    return undefined;
  }
}
