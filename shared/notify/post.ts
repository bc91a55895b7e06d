import { DroverError } from '#errors';
import type { EventEntry } from '#reconcile';
import type { Owner } from '#secrets';
import { type Instant, second } from '#time';
import type { Try } from './delivery.ts';
import { notifyError } from './errors.ts';
import { bodyOf } from './message.ts';
import type { Parts } from './parts.ts';
import { signedHeaders } from './sign.ts';
import type { Subscription } from './subscription.ts';

/** Webhooks are rows of the area `core`; their secrets are sealed under its slices, for this purpose alone. */
export const ownerOf = (webhookId: string): Owner => ({ area: 'core', id: webhookId, version: 'webhook' });

export interface Posted {
  last: Try;
  error?: DroverError;
}

/** Sends an event to a webhook, once, and says what came of it. */
export async function post(
  { clock, vault, net }: Parts,
  subscription: Subscription,
  event: EventEntry,
  signal?: AbortSignal,
): Promise<Posted> {
  const at = clock.now();
  try {
    const secrets = await validSecrets(vault, subscription, at);
    const body = bodyOf(event);
    const { status } = await net.send('webhook', {
      url: subscription.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'drover',
        ...signedHeaders(event.id, at, body, secrets),
      },
      body,
      timeout: 10 * second,
      ...(signal ? { signal } : {}),
    });
    const isAccepted = status >= 200 && status < 300;
    const last = { at, code: isAccepted ? null : 'RECEIVER_REFUSED', status, ms: clock.now() - at };
    return isAccepted ? { last } : { last, error: notifyError('RECEIVER_REFUSED', { status }) };
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    return { last: { at, code: error.code, status: null, ms: clock.now() - at }, error };
  }
}

const validSecrets = (vault: Parts['vault'], { id, secrets }: Subscription, at: Instant): Promise<string[]> =>
  Promise.all(
    secrets
      .filter(({ expiresAt }) => expiresAt === null || expiresAt > at)
      .map(async ({ sealed }) => (await vault.open(sealed, ownerOf(id))).toString()),
  );
