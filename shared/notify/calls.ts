import { say, type Text, type Values } from '#errors';
import type { Couriers, Json } from '#reconcile';
import { makeSecret, sendTest } from './manage.ts';
import type { Parts } from './parts.ts';

/** What HTTP asks the delivery worker for, because it may neither seal nor open a secret. */
type Call = { do: 'makeSecret' | 'sendTest'; webhookId: string };

/** What a test came to. Where it failed, `code` says why, with sentences in both languages. */
export interface TestResult {
  ok: boolean;
  code: string | null;
  status: number | null;
  ms: number;
  message: { en: string; zh: string } | null;
  remedy: { en: string; zh: string } | null;
}

export async function answerNotifyCall(parts: Parts, request: { [name: string]: Json }): Promise<Json> {
  const { do: what, webhookId } = request as Partial<Call>;
  if (typeof webhookId !== 'string') throw new Error('A call to the delivery worker names a webhook.');
  switch (what) {
    case 'makeSecret':
      return { ...(await makeSecret(parts, webhookId)) };
    case 'sendTest':
      return { ...(await testResult(parts, webhookId)) };
    default:
      throw new Error('Not a call that the delivery worker knows.');
  }
}

async function testResult(parts: Parts, webhookId: string): Promise<TestResult> {
  const { last, error } = await sendTest(parts, webhookId);
  const { code, status, ms } = last;
  const texts = error && {
    message: sentences(error.entry.message, error.values),
    remedy: sentences(error.entry.remedy, error.values),
  };
  return {
    ok: code === null,
    code,
    status,
    ms,
    message: texts?.message ?? null,
    remedy: texts?.remedy ?? null,
  };
}

const sentences = (text: Text, values: Values) => ({
  en: say(text, 'en', values),
  zh: say(text, 'zh', values),
});

/** The HTTP side of the two. */
export const askForSecret = async (couriers: Couriers, webhookId: string) =>
  (await couriers.call('notify', { do: 'makeSecret', webhookId })) as { secret: string; sealed: string };

export const askForTest = async (couriers: Couriers, webhookId: string) =>
  (await couriers.call('notify', { do: 'sendTest', webhookId })) as unknown as TestResult;
